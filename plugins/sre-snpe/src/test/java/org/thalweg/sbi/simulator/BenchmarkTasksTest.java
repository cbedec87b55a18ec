package org.thalweg.sbi.simulator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.inference.Prior;
import org.thalweg.api.inference.SimulatorProvider.Simulation;
import org.thalweg.api.random.Seed;
import org.thalweg.sbi.Sbibm;

/** Moments against closed forms, and the published files against priors and simulators. */
class BenchmarkTasksTest {
  private static final int N = 20_000;

  @Test
  void gaussiansHaveTheirMoments() {
    double[] theta = {0.3, -0.2, 0, 0, 0, 0, 0, 0, 0, 0.9};
    for (String name : new String[] {"gaussian-linear", "gaussian-linear-uniform"}) {
      Matrix x = Named.repeat(name, N, theta);
      assertEquals(0.3, Named.mean(x.column(0)), 0.01);
      assertEquals(0.9, Named.mean(x.column(9)), 0.01);
      assertEquals(0.1, Named.covariance(x.column(1), x.column(1)), 0.004);
      assertEquals(0, Named.covariance(x.column(1), x.column(2)), 0.004);
    }
    Matrix mixture = Named.repeat("gaussian-mixture", N, 3, -4);
    assertEquals(3, Named.mean(mixture.column(0)), 0.025);
    assertEquals(0.505, Named.covariance(mixture.column(1), mixture.column(1)), 0.025);
    // One component for both: the squares go together, E[dx^2 dy^2] = (1 + 1e-4) / 2.
    double together = 0;
    for (int i = 0; i < N; i++) {
      together += Math.pow((mixture.get(i, 0) - 3) * (mixture.get(i, 1) + 4), 2) / N;
    }
    assertEquals(0.50005, together, 0.08);
  }

  @Test
  void moonsHaveTheirMoments() {
    Matrix x = Named.repeat("two-moons", N, 0.4, -0.9);
    // E cos a = 2 / pi and E cos^2 a = 1/2 for a uniform on the right half of the circle.
    assertEquals(0.2 / Math.PI + 0.25 - 0.5 / Math.sqrt(2), Named.mean(x.column(0)), 1e-3);
    assertEquals(-1.3 / Math.sqrt(2), Named.mean(x.column(1)), 2e-3);
    assertEquals(
        0.0101 * 0.5 - Math.pow(0.2 / Math.PI, 2),
        Named.covariance(x.column(0), x.column(0)),
        3e-5);
    assertEquals(0.0101 * 0.5, Named.covariance(x.column(1), x.column(1)), 1e-4);
  }

  @Test
  void slcpHasItsMoments() {
    Matrix x = Named.repeat("slcp", N, 0.7, -2.9, -1, -0.9, 0.6);
    double rho = Math.tanh(0.6);
    for (int point = 0; point < 4; point++) {
      double[] a = x.column(2 * point);
      double[] b = x.column(2 * point + 1);
      assertEquals(0.7, Named.mean(a), 0.03);
      assertEquals(-2.9, Named.mean(b), 0.03);
      assertEquals(1, Named.covariance(a, a), 0.04);
      assertEquals(0.6561, Named.covariance(b, b), 0.03);
      assertEquals(rho * 0.81, Named.covariance(a, b), 0.03);
    }
    assertEquals(0, Named.covariance(x.column(0), x.column(2)), 0.03);
    // At the edge of the prior a standard deviation may be 0.
    double[] degenerate = Named.repeat("slcp", 1, 0, 0, 0, 0, 3).row(0);
    assertTrue(Arrays.stream(degenerate).allMatch(v -> Math.abs(v) < 0.01));
  }

  /** Numbers of the published files, which say what NumPy's generator gave. */
  @Test
  void constantsAreThePublishedOnes() {
    SlcpDistractors task = new SlcpDistractors();
    assertEquals(7.45071229516849, task.location(0, 0), 1e-13);
    assertEquals(-7.042115789024281, task.location(0, 8), 1e-13);
    assertEquals(3.423324718497607, task.factor(0, 0, 0), 1e-13);
    assertArrayEquals(new int[] {87, 47, 39, 9, 25, 21}, Arrays.copyOf(task.permutation(), 6));
    assertEquals(0.49671414, BernoulliGlm.stimulus(0), 5e-9);
  }

  @Test
  void allConstantsOfTheDistractorsAreThePublishedOnes() {
    SlcpDistractors task = new SlcpDistractors();
    Matrix location = Sbibm.read("slcp/distractors/loc.csv");
    Matrix factor = Sbibm.read("slcp/distractors/scale_tril.csv.gz");
    Matrix permutation = Sbibm.read("slcp/distractors/permutation_idx.csv");
    for (int c = 0; c < 20; c++) {
      int at = 0;
      for (int i = 0; i < 92; i++) {
        assertEquals(location.get(c, i), task.location(c, i), 1e-12);
        for (int j = 0; j <= i; j++) {
          assertEquals(factor.get(c, at++), task.factor(c, i, j), 1e-12);
        }
      }
    }
    for (int i = 0; i < 100; i++) {
      assertEquals(permutation.get(i, 0), task.permutation()[i]);
    }
  }

  @Test
  void distractorsAreStudentDistributed() {
    Matrix x = Named.repeat("slcp-distractors", N, 0, 0, 1, 1, 0);
    SlcpDistractors task = new SlcpDistractors();
    // The first of the 92: a mixture of Student's t with 2 degrees of freedom, whose distribution
    // function is (1 + u / sqrt(2 + u^2)) / 2.
    int column = 0;
    while (task.permutation()[column] != 8) {
      column++;
    }
    for (double at : new double[] {-20, -5, 0, 8, 25}) {
      double expected = 0;
      for (int c = 0; c < 20; c++) {
        double u = (at - task.location(c, 0)) / Math.abs(task.factor(c, 0, 0));
        expected += (1 + u / Math.sqrt(2 + u * u)) / 40;
      }
      double below = Arrays.stream(x.column(column)).filter(v -> v < at).count() / (double) N;
      assertEquals(expected, below, 0.015, "below " + at);
    }
  }

  @Test
  void spikesHaveTheirMoments() {
    double[] theta = {0.5, 1, -0.5, 0.3, 0, 0, 0.2, 0, 0, -0.1};
    Matrix design = Sbibm.read("bernoulli_glm/design_matrix.csv");
    Matrix raw = Named.repeat("bernoulli-glm-raw", 4000, theta);
    Matrix summaries = Named.repeat("bernoulli-glm", 4000, theta);
    double[] expected = new double[10];
    for (int t = 0; t < 100; t++) {
      double psi = 0;
      for (int j = 0; j < 10; j++) {
        psi += design.get(t, j) * theta[j];
      }
      double p = 1 / (1 + Math.exp(-psi));
      assertEquals(p, BernoulliGlm.probability(theta, t), 1e-6);
      assertEquals(p, Named.mean(raw.column(t)), 0.035);
      for (int j = 0; j < 10; j++) {
        expected[j] += p * design.get(t, j);
      }
    }
    for (int j = 0; j < 10; j++) {
      assertEquals(expected[j], Named.mean(summaries.column(j)), 0.4, "summary " + j);
    }
    for (int observation = 1; observation <= 5; observation++) {
      double[] spikes = Sbibm.read("bernoulli_glm", observation, "observation_raw.csv").row(0);
      double[] published = Sbibm.read("bernoulli_glm", observation, "observation.csv").row(0);
      assertArrayEquals(published, BernoulliGlm.summaries(spikes), 1e-5);
    }
  }

  @Test
  void filterPriorHasThePublishedPrecision() {
    Prior prior = Named.simulation("bernoulli-glm", Map.of()).prior();
    // -theta' F'F theta / 2, with F written out, up to the constant at 0.
    double[] theta = {0.3, 0.2, -1, 0.5, 2, 0.1, -0.7, 0.4, 0.9, -0.2};
    double quadratic = theta[0] * theta[0] / 2;
    for (int i = 0; i < 9; i++) {
      double row = (1 + Math.sqrt(i / 9.0)) * theta[1 + i];
      row -= i > 0 ? 2 * theta[i] : 0;
      row += i > 1 ? theta[i - 1] : 0;
      quadratic += row * row;
    }
    double[] values = prior.logDensity(Matrix.of(theta, new double[10]));
    assertEquals(-0.5 * quadratic, values[0] - values[1], 1e-9);
    // log det of the precision is 2 log det F - log 2, and F is triangular.
    double logDet = -0.5 * Math.log(2);
    for (int i = 0; i < 9; i++) {
      logDet += Math.log(1 + Math.sqrt(i / 9.0));
    }
    assertEquals(logDet - 5 * Math.log(2 * Math.PI), values[1], 1e-9);
  }

  @Test
  void epidemicFollowsItsEquations() {
    double beta = 0.7;
    double gamma = 0.15;
    Matrix x = Named.repeat("sir", 400, beta, gamma);
    Ode.Field field =
        s -> {
          double infections = beta * s[0] * s[1] / 1e6;
          return new double[] {-infections, infections - gamma * s[1], gamma * s[1]};
        };
    for (int i = 0; i < 10; i++) {
      double infected = Named.solve(field, new double[] {999_999, 1, 0}, 17 * i, 20_000)[1];
      double share = infected / 1e6;
      double error = Math.sqrt(1000 * share * (1 - share) / 400);
      assertEquals(1000 * share, Named.mean(x.column(i)), 4.5 * error + 1e-2, "day " + 17 * i);
    }
  }

  @Test
  void predatorsFollowTheirEquations() {
    double[] theta = {0.9, 0.06, 0.8, 0.04};
    Matrix x = Named.repeat("lotka-volterra", 400, theta);
    Ode.Field field =
        s ->
            new double[] {
              theta[0] * s[0] - theta[1] * s[0] * s[1], -theta[2] * s[1] + theta[3] * s[0] * s[1],
            };
    for (int i = 0; i < 10; i++) {
      double[] state = Named.solve(field, new double[] {30, 1}, 2.1 * i, 20_000);
      for (int species = 0; species < 2; species++) {
        double[] logs = Arrays.stream(x.column(10 * species + i)).map(Math::log).toArray();
        assertEquals(Math.log(state[species]), Named.mean(logs), 4.5 * 0.1 / 20);
        assertEquals(0.01, Named.covariance(logs, logs), 0.003);
      }
    }
  }

  /**
   * The published posterior explains the published observation through our simulator: of data that
   * it predicts, a good share is as far from their middle as the observation. And our prior allows
   * every draw of it.
   */
  @ParameterizedTest
  @CsvSource({
    "gaussian_linear, observation.csv, gaussian-linear",
    "gaussian_linear_uniform, observation.csv, gaussian-linear-uniform",
    "gaussian_mixture, observation.csv, gaussian-mixture",
    "two_moons, observation.csv, two-moons",
    "slcp, observation.csv, slcp",
    "slcp, observation_distractors.csv, slcp-distractors",
    "bernoulli_glm, observation.csv, bernoulli-glm",
    "bernoulli_glm, observation_raw.csv, bernoulli-glm-raw",
    "sir, observation.csv, sir",
    "lotka_volterra, observation.csv, lotka-volterra"
  })
  void publishedPosteriorsPredictThePublishedData(String task, String file, String name) {
    Simulation simulation = Named.simulation(name, Map.of());
    for (int observation = 1; observation <= 5; observation++) {
      Matrix reference = Sbibm.reference(task, observation).slice(0, 1000);
      double[] observed = Sbibm.read(task, observation, file).row(0);
      assertEquals(simulation.observationNames().size(), observed.length);
      assertTrue(
          Arrays.stream(simulation.prior().logDensity(reference)).allMatch(Double::isFinite));
      Matrix predicted = simulation.simulator().simulate(reference, new Seed(observation));
      double share = furtherThan(predicted, observed);
      assertTrue(share > 0.005, () -> "observation's share: " + share);
    }
  }

  /** The share of rows whose root-mean-square deviation from the medians exceeds the row's. */
  private static double furtherThan(Matrix rows, double[] row) {
    int d = row.length;
    double[] middle = new double[d];
    double[] scale = new double[d];
    for (int j = 0; j < d; j++) {
      double[] sorted = rows.column(j);
      Arrays.sort(sorted);
      int n = sorted.length;
      middle[j] = sorted[n / 2];
      // Rare spikes have no spread between quartiles.
      scale[j] = Math.max(sorted[3 * n / 4] - sorted[n / 4], 0.01 * (1 + Math.abs(middle[j])));
    }
    double own = distance(row, middle, scale);
    int further = 0;
    for (int i = 0; i < rows.rows(); i++) {
      if (distance(rows.row(i), middle, scale) >= own) {
        further++;
      }
    }
    return further / (double) rows.rows();
  }

  private static double distance(double[] row, double[] middle, double[] scale) {
    double sum = 0;
    for (int j = 0; j < row.length; j++) {
      sum += Math.pow((row[j] - middle[j]) / scale[j], 2);
    }
    return sum;
  }
}
