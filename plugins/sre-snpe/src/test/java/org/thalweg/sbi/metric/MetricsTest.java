package org.thalweg.sbi.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.random.Seed;
import org.thalweg.sbi.Sbibm;

class MetricsTest {
  private static Matrix normal(int n, int d, double mean, double deviation, long seed) {
    Random random = new Random(seed);
    Matrix out = Matrix.zeros(n, d);
    Arrays.setAll(out.values(), i -> mean + deviation * random.nextGaussian());
    return out;
  }

  @Test
  void productIsThatOfTheDefinition() {
    Random random = new Random(1);
    for (int[] size : new int[][] {{1, 3, 2}, {5, 7, 9}, {4, 20, 8}, {7, 33, 5}}) {
      int m = size[0];
      int n = size[1];
      int depth = size[2];
      float[][] a = floats(m, depth, random);
      float[][] w = floats(depth, n, random);
      float[][] c = floats(m, n, random);
      float[][] transposed = new float[depth][m];
      Product.transpose(transposed, a, depth);
      float[][] other = Arrays.stream(c).map(float[]::clone).toArray(float[][]::new);
      double[][] expected = new double[m][n];
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          expected[i][j] = c[i][j];
          for (int k = 0; k < depth; k++) {
            assertEquals(a[i][k], transposed[k][i]);
            expected[i][j] += (double) a[i][k] * w[k][j];
          }
        }
      }
      Product.add(c, a, w, depth, n);
      Product.addTransposed(other, transposed, w, depth, n);
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          assertEquals(expected[i][j], c[i][j], 1e-5);
          assertEquals(expected[i][j], other[i][j], 1e-5);
        }
      }
    }
  }

  private static float[][] floats(int m, int n, Random random) {
    float[][] out = new float[m][n];
    for (float[] row : out) {
      for (int i = 0; i < n; i++) {
        row[i] = (float) random.nextGaussian();
      }
    }
    return out;
  }

  /** The best classifier of N(0, 1) and N(1.5, 1) is right with probability Phi(0.75). */
  @Test
  void accuracyIsThatOfTheBestClassifier() {
    Matrix reference = normal(2000, 1, 0, 1, 1);
    C2st test = C2st.of(reference, normal(2000, 1, 1.5, 1, 2), new Seed(3), 1);
    assertEquals(0.7734, test.accuracy(), 4 * Math.sqrt(0.7734 * 0.2266 / 4000));
    assertEquals(5, test.folds().size());
    // N(0, 1) and N(0, 3^2), told apart at |x| = 1.5722: Phi(1.5722) - Phi(0.5241) + 1/2.
    C2st wide = C2st.of(reference, normal(2000, 1, 0, 3, 4), new Seed(3), 1);
    assertEquals(0.7422, wide.accuracy(), 4 * Math.sqrt(0.7422 * 0.2578 / 4000));
  }

  @Test
  void sameDistributionCannotBeToldApart() {
    C2st test = C2st.of(normal(2500, 2, 0, 1, 1), normal(2500, 2, 0, 1, 2), new Seed(1), 2);
    assertEquals(0.5, test.accuracy(), 0.025);
    assertEquals(test, C2st.of(normal(2500, 2, 0, 1, 1), normal(2500, 2, 0, 1, 2), new Seed(1), 1));
  }

  @ParameterizedTest
  @CsvSource({"two_moons, 1, 5000", "slcp, 1, 1500"})
  void halvesOfAPublishedPosteriorCannotBeToldApart(String task, int observation, int rows) {
    halves(task, observation, rows, 4);
  }

  /** The same at the published number of rows, in up to ten dimensions: minutes. */
  @Tag("acceptance")
  @ParameterizedTest
  @CsvSource({"slcp, 2", "gaussian_linear, 1", "bernoulli_glm, 1", "sir, 1"})
  void halvesOfMorePublishedPosteriors(String task, int observation) {
    halves(task, observation, 5000, 3);
  }

  private static void halves(String task, int observation, int rows, double errors) {
    Matrix reference = Sbibm.reference(task, observation);
    C2st test = C2st.of(reference.slice(0, rows), reference.slice(rows, 2 * rows), new Seed(1), 1);
    double error = Math.sqrt(0.25 / (2.0 * rows));
    assertEquals(0.5, test.accuracy(), Math.min(0.02, errors * error) + 1e-12, task);
  }

  /** The prior, which is what an untrained posterior gives, is told from the true posterior. */
  @ParameterizedTest
  @CsvSource({"two_moons, 1, 0.95", "slcp, 3, 0.95"})
  void thePriorIsToldFromAPublishedPosterior(String task, double side, double least) {
    Matrix reference = Sbibm.reference(task, 1).slice(0, 1000);
    Random random = new Random(1);
    Matrix prior = Matrix.zeros(1000, reference.columns());
    Arrays.setAll(prior.values(), i -> side * (2 * random.nextDouble() - 1));
    double accuracy = C2st.of(reference, prior, new Seed(1), 1).accuracy();
    assertTrue(accuracy >= least && accuracy <= 1, task + " " + accuracy);
  }

  /**
   * Three numbers of a published posterior N(m, v I), widened by 1.5. The best classifier divides
   * at r^2 = 3 log 2.25 / (1 - 1 / 2.25) = 4.3790 squared deviations, and is right with probability
   * (P(r^2 < 4.3790) + P(r^2 > 1.9462)) / 2 of a chi-squared number with 3 degrees of freedom:
   * (0.77666 + 0.58364) / 2. No net is better, and one that was trained on a few thousand rows a
   * bit worse.
   */
  @Test
  void aWidenedPublishedPosteriorIsToldAsWellAsItCanBe() {
    Matrix reference = Sbibm.reference("gaussian_linear", 1);
    double[][] three = new double[6000][];
    Arrays.setAll(three, i -> Arrays.copyOf(reference.row(i), 3));
    double[] mean = new double[3];
    for (int i = 0; i < 6000; i++) {
      for (int j = 0; j < 3; j++) {
        mean[j] += three[i][j] / 6000;
      }
    }
    for (int i = 3000; i < 6000; i++) {
      for (int j = 0; j < 3; j++) {
        three[i][j] = mean[j] + 1.5 * (three[i][j] - mean[j]);
      }
    }
    Matrix all = Matrix.of(three);
    double accuracy = C2st.of(all.slice(0, 3000), all.slice(3000, 6000), new Seed(1), 1).accuracy();
    double best = 0.6802;
    double error = Math.sqrt(best * (1 - best) / 6000);
    assertTrue(accuracy < best + 3 * error && accuracy > best - 0.04, "accuracy " + accuracy);
  }

  @Test
  void discrepancyIsThatOfTheClosedForm() {
    // N(0, I) and N(m, I) in D = 2 with bandwidth h: E k = (1 + 2 / h^2)^(-D/2) times
    // exp(-|m|^2 / (2 (h^2 + 2))) across.
    Matrix a = normal(3000, 2, 0, 1, 1);
    Matrix b = normal(3000, 2, 1, 1, 2);
    double h = 1.3;
    double scale = 1 / (1 + 2 / (h * h));
    double expected = 2 * scale * (1 - Math.exp(-2 / (2 * (h * h + 2))));
    assertEquals(expected, Mmd.squared(a, b, h), 0.012);
    assertEquals(0, Mmd.squared(a, normal(3000, 2, 0, 1, 3), h), 0.002);
    // A distance of two such draws is sqrt(2) times a Rayleigh number, of median sqrt(2 ln 2).
    assertEquals(Math.sqrt(4 * Math.log(2)), Mmd.median(a), 0.03);
    double pooled = Mmd.ofPooledBandwidth(a, b);
    assertTrue(pooled > 0.1 && pooled < Mmd.ofReferenceBandwidth(a, b));
  }

  @Test
  void medianIsTheLowerOne() {
    // Distances 1, 2, 3, 4, 6, 7 of the points 0, 1, 3, 7.
    Matrix points = Matrix.of(new double[][] {{0}, {1}, {3}, {7}});
    assertEquals(3, Mmd.median(points));
  }

  /** Levels of the notes: what it is where all draws are the truth. */
  @Test
  void densityOfTheTruthHasTheKnownFloor() {
    for (double[] floor : new double[][] {{5, 0.757}, {4, 0.222}, {3, -0.204}}) {
      int d = (int) floor[0];
      double value = PosteriorMetrics.negativeLogProbability(Matrix.zeros(1000, d), new double[d]);
      assertEquals(floor[1], value, 5e-4);
    }
    // Of normal draws, it is the density of their sum with the kernel.
    double h = Math.pow(20_000, -0.2);
    double variance = 1 + h * h;
    double expected = 0.5 * Math.log(2 * Math.PI * variance) + 0.49 / (2 * variance);
    assertEquals(
        expected,
        PosteriorMetrics.negativeLogProbability(normal(20_000, 1, 0, 1, 5), new double[] {0.7}),
        0.02);
  }

  @Test
  void distanceIsAMedian() {
    Matrix simulated = Matrix.of(new double[][] {{3, 4}, {0, 1}, {0, 0}, {6, 8}});
    assertEquals(3, PosteriorMetrics.medianDistance(simulated, new double[2]));
  }

  @Test
  void refusesWhatCannotBeCompared() {
    Matrix two = normal(10, 2, 0, 1, 1);
    Matrix bad = normal(10, 2, 0, 1, 1);
    bad.values()[5] = Double.NaN;
    assertThrows(
        ThalwegException.class, () -> C2st.of(two, normal(10, 3, 0, 1, 1), new Seed(1), 1));
    String message =
        assertThrows(ThalwegException.class, () -> C2st.of(two, bad, new Seed(1), 1)).getMessage();
    assertTrue(message.contains("Row 3"), message);
    assertThrows(ThalwegException.class, () -> Mmd.ofReferenceBandwidth(two, bad));
    assertThrows(
        ThalwegException.class, () -> PosteriorMetrics.medianDistance(two, new double[] {1}));
  }
}
