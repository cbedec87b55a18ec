package org.thalweg.aem;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.estimator.LogDensity.Scores;
import org.thalweg.api.random.Seed;

/** What a fitted machine says of itself, held against integrals over a grid. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AemModelTest {
  private final Dataset data = Machines.parabola(2000);
  private AemModel model;

  @BeforeAll
  void fit() {
    model = Machines.fit(Machines.config(), data, Machines.SINGLE);
  }

  @AfterAll
  void close() {
    model.close();
  }

  private static double[] scores(AemModel model, String density, Rows rows, long seed) {
    return model.logDensity(model.density(density), rows, new Seed(seed)).values();
  }

  /** The integral over a grid of the plane that holds all the proposal's mass. */
  private static double integral(AemModel model, String density, double low, double high, int n) {
    double step = (high - low) / n;
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double[] block = new double[2 * n];
      for (int j = 0; j < n; j++) {
        block[2 * j] = low + (i + 0.5) * step;
        block[2 * j + 1] = low + (j + 0.5) * step;
      }
      double[] logs = scores(model, density, Rows.of(new Matrix(n, 2, block)), 4);
      sum += Arrays.stream(logs).map(Math::exp).sum() * step * step;
    }
    return sum;
  }

  @ParameterizedTest
  @ValueSource(strings = {"proposal", "exact"})
  void normalisedDensitiesIntegrateToOne(String density) {
    assertEquals(1, integral(model, density, -12, 16, 128), 5e-3);
  }

  /** Its kernels are narrow: a slice, given the first number, on a fine grid. */
  @Test
  void aKernelConditionalIntegratesToOne() {
    Kernel kernel = new Kernel(0.01, 0.1);
    int n = 4000;
    double[] points = new double[n];
    Arrays.setAll(points, i -> -3 + 6 * (i + 0.5) / n);
    double[] drawn = Machines.normal(50, 1);
    double[] energies = Machines.normal(50, 2);
    double[] logProposal = new double[n];
    Arrays.setAll(logProposal, i -> -0.5 * points[i] * points[i] - 0.5 * Math.log(2 * Math.PI));
    KernelEstimate estimate = new KernelEstimate(List.of(kernel), points, logProposal);
    for (int g = 0; g < n; g++) {
      EnergyBlocks.Values values = new EnergyBlocks.Values(energies, new double[50]);
      estimate.see(g, drawn, values, 0, 20);
      estimate.see(g, drawn, values, 20, 30);
    }
    double[] both = estimate.logDensity(1);
    double sum = 0;
    for (int g = 0; g < n; g++) {
      sum += Math.exp(both[2 * g]) * 6 / n;
      assertTrue(both[2 * g + 1] >= 0);
    }
    // A standard normal has 0.27 % of its mass beyond 3.
    assertEquals(0.9 + 0.1 * 0.9973, sum, 2e-4);
    double value = 0;
    double total = 0;
    for (int s = 0; s < 50; s++) {
      double z = (points[1000] - drawn[s]) / 0.01;
      total += Math.exp(energies[s]);
      value += Math.exp(energies[s] - 0.5 * z * z) / 0.01 / Math.sqrt(2 * Math.PI);
    }
    assertEquals(
        Math.log(0.9 * value / total + 0.1 * Math.exp(logProposal[1000])), both[2000], 1e-9);
  }

  /**
   * The draws of a conditional depend on what came before alone, so that one seed has one density.
   */
  @Test
  void aKernelDensityOfOneColumnIntegratesToOne() {
    Dataset line = Dataset.of(new Matrix(600, 1, Machines.normal(600, 3)));
    try (AemModel one = Machines.fit(Machines.config("epochs", 3), line, Machines.SINGLE)) {
      int n = 6000;
      double[] points = new double[n];
      Arrays.setAll(points, i -> -6 + 12 * (i + 0.5) / n);
      double[] logs = scores(one, "kde:40", Rows.of(new Matrix(n, 1, points)), 4);
      assertEquals(1, Arrays.stream(logs).map(Math::exp).sum() * 12 / n, 2e-3);
    }
  }

  @Test
  void theEstimateIsTheExactDensityWithinItsError() {
    Rows rows = data.rows().slice(0, 300);
    double[] exact = scores(model, "exact:1e-5", rows, 0);
    for (int samples : new int[] {20, 2000}) {
      Scores scores = model.logDensity(model.density("estimate:" + samples), rows, new Seed(1));
      double[] errors = scores.standardErrors().orElseThrow();
      double sum = 0;
      double gap = 0;
      for (int i = 0; i < exact.length; i++) {
        double z = (scores.values()[i] - exact[i]) / errors[i];
        sum += z * z;
        gap += (scores.values()[i] - exact[i]) / exact.length;
      }
      // The errors are those of the first order: few samples leave some doubt of them.
      double wide = samples == 20 ? 1.0 : 0.35;
      assertEquals(1, Math.sqrt(sum / exact.length), wide, "S = " + samples);
      assertTrue(gap > -0.01, "bias " + gap + " with S = " + samples);
      if (samples == 2000) {
        assertEquals(0, gap, 0.02);
      }
    }
  }

  @Test
  void moreSamplesLowerTheEstimateAndItsError() {
    Rows rows = data.rows().slice(0, 400);
    Scores few = model.logDensity(model.density("estimate:3"), rows, new Seed(1));
    Scores many = model.logDensity(model.density("estimate:1000"), rows, new Seed(1));
    assertTrue(Machines.mean(few.values()) > Machines.mean(many.values()));
    assertTrue(
        Machines.mean(few.standardErrors().orElseThrow())
            > 5 * Machines.mean(many.standardErrors().orElseThrow()));
  }

  @Test
  void learnsMoreThanANormalDensity() {
    // A fresh sample; E log p is -2.1447 under the truth, -2.45 under the best normal density.
    Dataset fresh = Machines.parabola(4000);
    double mean = Machines.mean(scores(model, "exact", fresh.rows().slice(2000, 4000), 0));
    assertTrue(mean > -2.35, "mean log-density " + mean);
    assertTrue(mean < -2.05, "mean log-density " + mean);
  }

  @Test
  void samplesFollowTheExactDensity() {
    int n = 4000;
    Matrix drawn = model.sample(n, Matrix.zeros(1, 0), new Seed(2));
    assertEquals(n, drawn.rows());
    int grid = 192;
    double low = -12;
    double step = 28.0 / grid;
    double[][] joint = new double[grid][grid];
    for (int i = 0; i < grid; i++) {
      double[] block = new double[2 * grid];
      for (int j = 0; j < grid; j++) {
        block[2 * j] = low + (i + 0.5) * step;
        block[2 * j + 1] = low + (j + 0.5) * step;
      }
      double[] logs = scores(model, "exact", Rows.of(new Matrix(grid, 2, block)), 0);
      for (int j = 0; j < grid; j++) {
        joint[i][j] = Math.exp(logs[j]) * step * step;
      }
    }
    for (int column = 0; column < 2; column++) {
      double[] marginal = new double[grid];
      for (int i = 0; i < grid; i++) {
        for (int j = 0; j < grid; j++) {
          marginal[column == 0 ? i : j] += joint[i][j];
        }
      }
      double worst = 0;
      double cumulative = 0;
      for (int i = 0; i < grid; i++) {
        cumulative += marginal[i];
        double end = low + (i + 1) * step;
        double below = Arrays.stream(drawn.column(column)).filter(v -> v <= end).count();
        worst = Math.max(worst, Math.abs(below / n - cumulative));
      }
      double critical = Math.sqrt(-Math.log(0.001 / 2) / (2.0 * n));
      // The grid's own error and the lean of 100 resamples come on top.
      assertTrue(worst < critical + 0.006, "Kolmogorov-Smirnov distance " + worst);
    }
  }

  @Test
  void aRowsDrawsDoNotDependOnItsPlace() {
    Rows rows = data.rows();
    double[] all = scores(model, "estimate:20", rows, 7);
    double[] some = scores(model, "estimate:20", rows.slice(1500, 1600), 7);
    for (int i = 0; i < some.length; i++) {
      assertEquals(all[1500 + i], some[i], 2e-3);
    }
    assertNotEquals(all[0], scores(model, "estimate:20", rows, 8)[0]);
  }

  @Test
  void effectiveSamplesLieBetweenOneAndAll() {
    Matrix effective = model.effectiveSamples(data.rows().slice(0, 50), 100, new Seed(1));
    assertEquals(50, effective.rows());
    assertEquals(2, effective.columns());
    assertTrue(Arrays.stream(effective.values()).allMatch(e -> e >= 1 && e <= 100.001));
    double share = Machines.mean(effective.values()) / 100;
    assertTrue(share > 0.3, "effective share " + share);
    double stored = model.card().metrics().get("effective_sample_share.x0");
    assertTrue(stored > 0.3 && stored <= 1, "stored share " + stored);
  }

  @Test
  void normalisersAgree() {
    Rows rows = data.rows().slice(0, 40);
    Matrix exact = model.logNormalisers(model.density("exact:1e-5"), rows, new Seed(1));
    Matrix sampled = model.logNormalisers(model.density("estimate:5000"), rows, new Seed(1));
    assertArrayEquals(exact.values(), sampled.values(), 0.1);
  }

  @Test
  void exactIsExactInDoublePrecisionToo() {
    AemModel precise =
        Machines.fit(Machines.config("epochs", 3), Machines.parabola(300), Machines.DOUBLE);
    Rows rows = data.rows().slice(0, 20);
    double[] coarse = scores(precise, "exact:1e-4", rows, 0);
    double[] fine = scores(precise, "exact:1e-9", rows, 0);
    assertArrayEquals(fine, coarse, 3e-4);
    precise.close();
  }
}
