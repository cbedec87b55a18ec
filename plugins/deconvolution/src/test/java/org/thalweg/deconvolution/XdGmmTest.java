package org.thalweg.deconvolution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Kind;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Noise;
import org.thalweg.api.data.Role;
import org.thalweg.api.data.Rows;
import org.thalweg.api.data.Schema;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.LatentPosterior;
import org.thalweg.api.estimator.Split;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.model.CheckpointFile;

class XdGmmTest {
  private static final Seed SEED = new Seed(2);

  /**
   * Half at -2 and half at 2 with standard deviations of 0.5 and 1, each with errors of its own.
   */
  private static Dataset line(int n, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] w = new double[n];
    double[] s = new double[n];
    for (int i = 0; i < n; i++) {
      double v =
          random.nextBoolean() ? -2 + 0.5 * random.nextGaussian() : 2 + random.nextGaussian();
      s[i] = 0.2 + 1.3 * random.nextDouble();
      w[i] = v + s[i] * random.nextGaussian();
    }
    return Setups.noisy(new Matrix(n, 1, w), new Noise.Diagonal(new Matrix(n, 1, s)));
  }

  private static double truth(double v) {
    return 0.5 * Setups.normal(v, -2, 0.25) + 0.5 * Setups.normal(v, 2, 1);
  }

  private static XdGmmModel fit(XdGmmConfig config, Dataset data) {
    return (XdGmmModel)
        new XdGmmProvider()
            .create(config, Setups.context(Setups.SINGLE))
            .fit(data, FitOptions.seed(1), FitListener.SILENT);
  }

  private static double[] scores(XdGmmModel model, String density, Rows rows) {
    return model.logDensity(model.density(density), rows, SEED).values();
  }

  @Test
  void theDensityBehindTheNoiseIsFound() {
    try (XdGmmModel model =
        fit(Setups.mixture("components", 2, "tolerance", 1e-7), line(20_000, 3))) {
      double kl =
          Setups.integral(
              v -> {
                double log =
                    scores(model, "latent", Rows.of(new Matrix(1, 1, new double[] {v})))[0];
                return truth(v) * (Math.log(truth(v)) - log);
              },
              -5,
              7,
              600);
      // 5 free numbers cost 2.5 / N without noise; with errors like these several times as much.
      assertTrue(kl >= 0 && kl < 3e-3, "divergence " + kl);
    }
  }

  /** log p(w) is the convolution of p(v), and p(v | w) has its moments: both by Simpson's rule. */
  @Test
  void observedIsTheConvolutionAndThePosteriorItsIntegrand() {
    Dataset data = line(2000, 4);
    try (XdGmmModel model = fit(Setups.mixture("components", 3), data)) {
      Rows some = data.rows().slice(0, 12);
      double[] observed = scores(model, "observed", some);
      LatentPosterior.Draws draws = model.denoise(some, 4000, SEED);
      double[] grid = IntStream.rangeClosed(0, 4000).mapToDouble(i -> -10 + 0.005 * i).toArray();
      double[] latent = scores(model, "latent", Rows.of(new Matrix(grid.length, 1, grid)));
      for (int row = 0; row < 12; row++) {
        double w = some.features().get(row, 0);
        double s = ((Noise.Diagonal) some.noise()).standardDeviations().get(row, 0);
        double[] moments = new double[3];
        for (int i = 0; i < grid.length; i++) {
          double weight = (i == 0 || i == grid.length - 1 ? 1 : i % 2 == 0 ? 2 : 4) * 0.005 / 3;
          double p = weight * Math.exp(latent[i]) * Setups.normal(w, grid[i], s * s);
          moments[0] += p;
          moments[1] += p * grid[i];
          moments[2] += p * grid[i] * grid[i];
        }
        double mean = moments[1] / moments[0];
        double sd = Math.sqrt(moments[2] / moments[0] - mean * mean);
        assertEquals(Math.log(moments[0]), observed[row], 1e-6);
        assertEquals(mean, draws.means().get(row, 0), 1e-6);
        assertEquals(sd, draws.standardDeviations().get(row, 0), 1e-6);
        double[] own = draws.samples().slice(row * 4000, (row + 1) * 4000).column(0);
        assertEquals(mean, Setups.mean(own), 5 * sd / Math.sqrt(4000));
        assertEquals(4000, draws.effectiveSampleSizes()[row]);
      }
    }
  }

  @Test
  void missingFeaturesAreIntegratedOut() {
    int n = 6000;
    double[] x = new double[2 * n];
    double[] z = Setups.normals(2 * n, 5);
    SplittableRandom random = new SplittableRandom(6);
    for (int i = 0; i < n; i++) {
      x[2 * i] = z[2 * i];
      x[2 * i + 1] = 0.8 * z[2 * i] + 0.6 * z[2 * i + 1] + 3;
      if (random.nextInt(2) == 0) {
        x[2 * i + random.nextInt(2)] = Double.NaN;
      }
    }
    Dataset data =
        Setups.noisy(new Matrix(n, 2, x), new Noise.Diagonal(new Matrix(n, 2, new double[2 * n])));
    try (XdGmmModel model = fit(Setups.mixture("components", 1, "tolerance", 1e-9), data)) {
      double nan = Double.NaN;
      Matrix at = Matrix.of(new double[] {1, nan}, new double[] {nan, 3.5}, new double[] {1, 3.5});
      double[] values =
          scores(model, "observed", Setups.rows(at, new Noise.Diagonal(Matrix.zeros(3, 2))));
      assertEquals(Math.log(Setups.normal(1, 0, 1)), values[0], 0.03);
      assertEquals(Math.log(Setups.normal(3.5, 3, 1)), values[1], 0.03);
      double given = Setups.normal(3.5, 3 + 0.8, 0.36);
      assertEquals(Math.log(Setups.normal(1, 0, 1) * given), values[2], 0.08);
      // A table of rows without errors may lack features too.
      assertArrayEquals(
          new boolean[] {true, true, true, false},
          model
              .screen(Rows.of(Matrix.of(at.row(0), at.row(1), at.row(2), new double[] {nan, nan})))
              .usable());
      assertArrayEquals(values, scores(model, "latent", Rows.of(at)), 1e-12);
      // What is missing is drawn from the conditional.
      Rows one = Setups.rows(at.slice(0, 1), new Noise.Diagonal(Matrix.zeros(1, 2)));
      LatentPosterior.Draws draws = model.denoise(one, 10, SEED);
      assertEquals(1, draws.means().get(0, 0), 1e-9);
      assertEquals(3.8, draws.means().get(0, 1), 0.06);
      assertEquals(0.6, draws.standardDeviations().get(0, 1), 0.03);
    }
  }

  @Test
  void theOnlineVariantComesNear() {
    Dataset data = line(20_000, 7);
    Rows fresh = line(5000, 8).rows();
    try (XdGmmModel batch = fit(Setups.mixture("components", 2), data);
        XdGmmModel online =
            fit(Setups.mixture("components", 2, "variant", "online", "iterations", 40), data)) {
      double best = Setups.mean(scores(batch, "observed", fresh));
      assertEquals(best, Setups.mean(scores(online, "observed", fresh)), 2e-3);
    }
  }

  @Test
  void theNumberOfGaussiansIsChosen() {
    Dataset data = line(4000, 9);
    for (String by : new String[] {"held-out", "bic"}) {
      try (XdGmmModel model =
          fit(Setups.mixture("most-components", 8, "choose", by, "starts", 2), data)) {
        double k = model.card().metrics().get("components");
        assertTrue(by.equals("bic") ? k == 2 : k >= 2, by + " chose " + k);
      }
    }
  }

  /**
   * A wide cluster beside two narrow ones that are near each other: k-means gives two Gaussians to
   * the wide one, and EM cannot move one over. Split and merge can.
   */
  @Test
  void splittingAndMergingLeavesABadOptimum() {
    SplittableRandom random = new SplittableRandom(10);
    int n = 2000;
    double[] w = new double[n];
    for (int i = 0; i < n; i++) {
      w[i] =
          i % 2 == 0
              ? 3 * random.nextGaussian()
              : (i % 4 == 1 ? 20 : 21) + 0.1 * random.nextGaussian();
    }
    Dataset data =
        Setups.noisy(new Matrix(n, 1, w), new Noise.Diagonal(new Matrix(n, 1, noise(n, 0.05))));
    double truth =
        Arrays.stream(w)
            .map(
                x ->
                    Math.log(
                        0.5 * Setups.normal(x, 0, 9)
                            + 0.25 * Setups.normal(x, 20, 0.01)
                            + 0.25 * Setups.normal(x, 21, 0.01)))
            .average()
            .orElseThrow();
    for (int seed = 1; seed <= 3; seed++) {
      double without = fitted(data, seed, 0);
      double with = fitted(data, seed, 8);
      assertTrue(without < truth - 0.2, "the start is to be bad: " + without + " of " + truth);
      assertTrue(with > truth - 0.01, "seed " + seed + ": " + with + " of " + truth);
    }
  }

  private static double fitted(Dataset data, long seed, int rounds) {
    XdGmmConfig config =
        Setups.mixture(
            "components", 3, "starts", 1, "ridge", 0, "tolerance", 1e-6, "split-and-merge", rounds);
    try (XdGmmModel model =
        (XdGmmModel)
            new XdGmmProvider()
                .create(config, Setups.context(Setups.SINGLE))
                .fit(data, FitOptions.seed(seed), FitListener.SILENT)) {
      return Setups.mean(scores(model, "observed", data.rows()));
    }
  }

  private static double[] noise(int n, double sd) {
    double[] out = new double[n];
    Arrays.fill(out, sd);
    return out;
  }

  @Test
  void aFitGoesOnFromItsCheckpointBitForBit(@TempDir Path directory) {
    Dataset data = line(3000, 11);
    XdGmmConfig config =
        Setups.mixture("most-components", 4, "starts", 2, "split-and-merge", 1, "tolerance", 1e-5);
    double[] whole;
    try (XdGmmModel model = fit(config, data)) {
      whole = scores(model, "observed", data.rows());
    }
    for (int stop : new int[] {1, 20, 21, 41, 130}) {
      Path file = directory.resolve("at" + stop);
      FitListener impatient = Setups.impatient(stop);
      var estimator = new XdGmmProvider().create(config, Setups.context(Setups.SINGLE));
      FitOptions first =
          FitOptions.seed(1).withCheckpoints(new CheckpointFile(file, false, Setups.REGISTRY));
      ThalwegException end =
          assertThrows(ThalwegException.class, () -> estimator.fit(data, first, impatient));
      assertEquals(ExitCode.INTERRUPTED, end.exitCode());
      FitOptions second =
          FitOptions.seed(1).withCheckpoints(new CheckpointFile(file, true, Setups.REGISTRY));
      try (XdGmmModel model = (XdGmmModel) estimator.fit(data, second, FitListener.SILENT)) {
        assertArrayEquals(whole, scores(model, "observed", data.rows()), "stopped at " + stop);
      }
    }
  }

  @Test
  void weightsCountAsRepeatedRows() {
    Dataset data = line(400, 12);
    double[] weights = IntStream.range(0, 400).mapToDouble(i -> 1 + i % 3).toArray();
    int[] repeated =
        IntStream.range(0, 400).flatMap(i -> IntStream.range(0, 1 + i % 3).map(j -> i)).toArray();
    NoisyRows once = prepared(data);
    NoisyRows often = prepared(new Dataset(data.schema(), data.rows().select(repeated)));
    Mixture start = new Mixture(new double[] {0.4, 0.6}, new double[] {-1, 1}, new double[] {1, 2});
    try (var workers = new org.thalweg.toolkit.train.Workers(1)) {
      Mixture a =
          new Em(RowBlock.of(once, weights, range(400)), workers)
              .statistics(start)
              .maximised(start, 0.1);
      Mixture b =
          new Em(
                  RowBlock.of(often, RowBlock.ones(repeated.length), range(repeated.length)),
                  workers)
              .statistics(start)
              .maximised(start, 0.1);
      assertArrayEquals(b.means(), a.means(), 1e-12);
      assertArrayEquals(b.covariances(), a.covariances(), 1e-12);
    }
  }

  private static int[] range(int n) {
    return IntStream.range(0, n).toArray();
  }

  private static NoisyRows prepared(Dataset data) {
    return Errors.of(ErrorsConfig.FROM_COLUMNS, data.schema(), Soundness.SEMI_DEFINITE)
        .of(data.rows(), org.thalweg.toolkit.data.Standardiser.common(data, 0, 1));
  }

  @Test
  void badInputIsRefused() {
    Dataset data = line(50, 13);
    refused("cannot be fitted to 40 training rows", Setups.mixture("components", 41), data);
    refused("are in several", Setups.mixture("noise-sd", "1"), data);
    Schema bounded =
        new Schema(
            java.util.List.of(
                new Column(
                    "x", Role.FEATURE, new Kind.Bounded(-99, 99), java.util.OptionalDouble.empty()),
                data.schema().columns().get(1)));
    refused("real values only", Setups.mixture(), new Dataset(bounded, data.rows()));
    double[] one = {1, 2, 3, Double.NaN, 5, 6, 7, 8, 9, 10};
    Dataset nothing =
        Setups.noisy(new Matrix(10, 1, one), new Noise.Diagonal(new Matrix(10, 1, noise(10, 1))));
    refused("Row 4 holds a number that is not finite", Setups.mixture(), nothing);
  }

  private static void refused(String part, XdGmmConfig config, Dataset data) {
    ThalwegException refusal = assertThrows(ThalwegException.class, () -> fit(config, data));
    assertEquals(ExitCode.USAGE, refusal.exitCode());
    assertTrue(refusal.getMessage().contains(part), refusal.getMessage());
  }

  @Test
  void theTimeLimitLeavesTheBestSoFar() {
    FitOptions hurried = FitOptions.seed(1).withTimeLimit(java.time.Duration.ofMillis(1));
    FitEvent[] last = new FitEvent[1];
    try (var model =
        new XdGmmProvider()
            .create(Setups.mixture(), Setups.context(Setups.SINGLE))
            .fit(line(3000, 14), hurried.withSplit(new Split(0.9, 0.1, 0)), e -> last[0] = e)) {
      assertTrue(model.card().metrics().get("validation_log_density") > -10);
    }
    assertEquals(FitEvent.Stop.TIME_LIMIT, ((FitEvent.Finished) last[0]).stop());
  }
}
