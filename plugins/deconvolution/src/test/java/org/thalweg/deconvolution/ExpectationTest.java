package org.thalweg.deconvolution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Noise;
import org.thalweg.toolkit.data.Standardiser;
import org.thalweg.toolkit.train.Workers;

/** The E-step and the step made of it, against matrices written out and central differences. */
class ExpectationTest {
  private static final int N = 77;

  private static double[] covariance(int d, SplittableRandom random, double size) {
    double[] a = new double[d * d];
    for (int i = 0; i < d * d; i++) {
      a[i] = size * random.nextGaussian();
    }
    double[] out = new double[d * d];
    for (int i = 0; i < d; i++) {
      for (int j = 0; j < d; j++) {
        for (int k = 0; k < d; k++) {
          out[i * d + j] += a[i * d + k] * a[j * d + k];
        }
      }
      out[i * d + i] += size * size;
    }
    return out;
  }

  private static Mixture mixture(int k, int d, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] weights = IntStream.range(0, k).mapToDouble(j -> 1 + random.nextDouble()).toArray();
    double sum = Arrays.stream(weights).sum();
    double[] means = Setups.normals(k * d, seed + 1);
    double[] covariances = new double[k * d * d];
    for (int j = 0; j < k; j++) {
      System.arraycopy(covariance(d, random, 0.5), 0, covariances, j * d * d, d * d);
    }
    return new Mixture(Arrays.stream(weights).map(w -> w / sum).toArray(), means, covariances);
  }

  private static NoisyRows rows(int d, boolean full, boolean missing, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] x = Setups.normals(N * d, seed);
    double[] noise = new double[N * (full ? d * d : d)];
    for (int i = 0; i < N; i++) {
      for (int j = 0; j < d; j++) {
        boolean gone = missing && random.nextInt(3) == 0 && j != i % d;
        x[i * d + j] = gone ? Double.NaN : x[i * d + j];
        if (!full) {
          noise[i * d + j] = random.nextDouble();
        }
      }
      if (full) {
        System.arraycopy(covariance(d, random, 0.4), 0, noise, i * d * d, d * d);
      }
    }
    Noise errors =
        full
            ? new Noise.Full(new Matrix(N, d * d, noise))
            : new Noise.Diagonal(new Matrix(N, d, noise));
    Dataset data = Setups.noisy(new Matrix(N, d, x), errors);
    Standardiser standardiser = Standardiser.observed(data);
    return Errors.of(ErrorsConfig.FROM_COLUMNS, data.schema(), Soundness.SEMI_DEFINITE)
        .of(data.rows(), standardiser);
  }

  private static Em em(NoisyRows rows, Workers workers) {
    int[] order = IntStream.range(0, N).toArray();
    return new Em(RowBlock.of(rows, RowBlock.ones(N), order), workers);
  }

  /** By elimination with pivoting: the inverse, and the logarithm of the determinant behind it. */
  private static double[] inverse(double[] matrix, int m) {
    double[][] a = new double[m][2 * m];
    for (int i = 0; i < m; i++) {
      System.arraycopy(matrix, i * m, a[i], 0, m);
      a[i][m + i] = 1;
    }
    double log = 0;
    for (int c = 0; c < m; c++) {
      int best = c;
      for (int i = c; i < m; i++) {
        best = Math.abs(a[i][c]) > Math.abs(a[best][c]) ? i : best;
      }
      double[] swap = a[c];
      a[c] = a[best];
      a[best] = swap;
      log += Math.log(Math.abs(a[c][c]));
      double pivot = a[c][c];
      for (int j = 0; j < 2 * m; j++) {
        a[c][j] /= pivot;
      }
      for (int i = 0; i < m; i++) {
        double factor = a[i][c];
        for (int j = 0; j < 2 * m && i != c; j++) {
          a[i][j] -= factor * a[c][j];
        }
      }
    }
    double[] out = new double[m * m + 1];
    for (int i = 0; i < m; i++) {
      System.arraycopy(a[i], m, out, i * m, m);
    }
    out[m * m] = log;
    return out;
  }

  private static int[] there(NoisyRows rows, int i) {
    return IntStream.range(0, rows.dimension()).filter(j -> rows.observed(i, j)).toArray();
  }

  /** T^-1 and log det T of a row under a component. */
  private static double[] precision(Mixture mixture, NoisyRows rows, int i, int j) {
    int[] there = there(rows, i);
    int d = mixture.dimension();
    int m = there.length;
    double[] t = new double[m * m];
    for (int a = 0; a < m; a++) {
      for (int b = 0; b < m; b++) {
        t[a * m + b] =
            mixture.covariances()[(j * d + there[a]) * d + there[b]]
                + rows.covariance(i, there[a], there[b]);
      }
    }
    return inverse(t, m);
  }

  private static double logComponent(Mixture mixture, NoisyRows rows, int i, int j) {
    int[] there = there(rows, i);
    int m = there.length;
    double[] p = precision(mixture, rows, i, j);
    double quadratic = 0;
    for (int a = 0; a < m; a++) {
      for (int b = 0; b < m; b++) {
        quadratic +=
            p[a * m + b]
                * (rows.value(i, there[a]) - mixture.means()[j * mixture.dimension() + there[a]])
                * (rows.value(i, there[b]) - mixture.means()[j * mixture.dimension() + there[b]]);
      }
    }
    return Math.log(mixture.weights()[j])
        - 0.5 * (quadratic + p[m * m] + m * Math.log(2 * Math.PI));
  }

  private static double logDensity(Mixture mixture, NoisyRows rows, int i) {
    return Math.log(
        IntStream.range(0, mixture.components())
            .mapToDouble(j -> Math.exp(logComponent(mixture, rows, i, j)))
            .sum());
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, false, false",
    "3, 2, false, false",
    "4, 3, true, false",
    "3, 4, true, true",
    "2, 5, false, true",
    "2, 10, true, true"
  })
  void densitiesAreThoseOfGaussiansWrittenOut(int k, int d, boolean full, boolean missing) {
    Mixture mixture = mixture(k, d, 3);
    NoisyRows rows = rows(d, full, missing, 4);
    try (Workers workers = new Workers(1)) {
      double[] values = em(rows, workers).logDensity(mixture, N);
      for (int i = 0; i < N; i++) {
        assertEquals(logDensity(mixture, rows, i), values[i], 1e-9, "row " + i);
      }
    }
  }

  @Test
  void slopesAreThoseOfCentralDifferences() {
    Mixture mixture = mixture(3, 3, 5);
    NoisyRows rows = rows(3, true, true, 6);
    try (Workers workers = new Workers(1)) {
      Em em = em(rows, workers);
      Statistics statistics = em.statistics(mixture);
      double h = 1e-5;
      for (int e = 0; e < mixture.means().length; e++) {
        double[] up = mixture.means().clone();
        double[] down = mixture.means().clone();
        up[e] += h;
        down[e] -= h;
        double slope =
            (sum(em, new Mixture(mixture.weights(), up, mixture.covariances()))
                    - sum(em, new Mixture(mixture.weights(), down, mixture.covariances())))
                / (2 * h);
        assertEquals(slope, statistics.slope[e], 1e-5 * Math.max(1, Math.abs(slope)));
      }
      for (int j = 0; j < 3; j++) {
        for (int a = 0; a < 3; a++) {
          for (int b = 0; b <= a; b++) {
            double[] up = mixture.covariances().clone();
            double[] down = mixture.covariances().clone();
            up[(j * 3 + a) * 3 + b] += h;
            down[(j * 3 + a) * 3 + b] -= h;
            if (a != b) {
              up[(j * 3 + b) * 3 + a] += h;
              down[(j * 3 + b) * 3 + a] -= h;
            }
            double slope =
                (sum(em, new Mixture(mixture.weights(), mixture.means(), up))
                        - sum(em, new Mixture(mixture.weights(), mixture.means(), down)))
                    / (2 * h);
            double expected = (a == b ? 0.5 : 1) * statistics.curvature[(j * 3 + a) * 3 + b];
            assertEquals(slope, expected, 1e-5 * Math.max(1, Math.abs(slope)));
          }
        }
      }
    }
  }

  private static double sum(Em em, Mixture mixture) {
    return Arrays.stream(em.logDensity(mixture, N)).sum();
  }

  /** Bovy, Hogg and Roweis (2011), eqs. 15 and 16, with b and B of each row written out. */
  @Test
  void aStepIsThatOfThePaper() {
    int k = 3;
    int d = 3;
    Mixture mixture = mixture(k, d, 7);
    NoisyRows rows = rows(d, true, true, 8);
    double[] q = new double[k];
    double[] first = new double[k * d];
    double[][] b = new double[N * k][];
    double[][] spread = new double[N * k][];
    double[] share = new double[N * k];
    for (int i = 0; i < N; i++) {
      double total = logDensity(mixture, rows, i);
      for (int j = 0; j < k; j++) {
        share[i * k + j] = Math.exp(logComponent(mixture, rows, i, j) - total);
        Mixture one = new Mixture(new double[] {1}, mixture.mean(j), mixture.covariance(j));
        double[][] posterior = posterior(one, rows, i);
        b[i * k + j] = posterior[0];
        spread[i * k + j] = posterior[1];
        q[j] += share[i * k + j];
        for (int a = 0; a < d; a++) {
          first[j * d + a] += share[i * k + j] * posterior[0][a];
        }
      }
    }
    try (Workers workers = new Workers(2)) {
      Mixture step = em(rows, workers).statistics(mixture).maximised(mixture, 0);
      for (int j = 0; j < k; j++) {
        assertEquals(q[j] / N, step.weights()[j], 1e-12);
        for (int a = 0; a < d; a++) {
          double mean = first[j * d + a] / q[j];
          assertEquals(mean, step.means()[j * d + a], 1e-10);
          for (int c = 0; c < d; c++) {
            double sum = 0;
            for (int i = 0; i < N; i++) {
              double[] at = b[i * k + j];
              sum +=
                  share[i * k + j]
                      * ((at[a] - mean) * (at[c] - first[j * d + c] / q[j])
                          + spread[i * k + j][a * d + c]);
            }
            assertEquals(sum / q[j], step.covariances()[(j * d + a) * d + c], 1e-10);
          }
        }
      }
    }
  }

  /** b = m + V R' T^-1 (w - R m) and B = V - V R' T^-1 R V. */
  private static double[][] posterior(Mixture one, NoisyRows rows, int i) {
    int d = one.dimension();
    int[] there = there(rows, i);
    int m = there.length;
    double[] p = precision(one, rows, i, 0);
    double[] b = one.means().clone();
    double[] spread = one.covariances().clone();
    for (int a = 0; a < d; a++) {
      for (int s = 0; s < m; s++) {
        for (int t = 0; t < m; t++) {
          double gain = one.covariances()[a * d + there[s]] * p[s * m + t];
          b[a] += gain * (rows.value(i, there[t]) - one.means()[there[t]]);
          for (int c = 0; c < d; c++) {
            spread[a * d + c] -= gain * one.covariances()[there[t] * d + c];
          }
        }
      }
    }
    return new double[][] {b, spread};
  }

  @Test
  void theClosedPosteriorIsThatOfThePaper() {
    Mixture one = mixture(1, 4, 9);
    NoisyRows rows = rows(4, true, true, 10);
    for (int i = 0; i < N; i++) {
      double[][] expected = posterior(one, rows, i);
      Mixture posterior = RowPosterior.of(one, rows, i);
      for (int e = 0; e < 4; e++) {
        assertEquals(expected[0][e], posterior.means()[e], 1e-10);
      }
      for (int e = 0; e < 16; e++) {
        assertEquals(expected[1][e], posterior.covariances()[e], 1e-10);
      }
    }
  }

  @Test
  void stepsNeverLowerThePenalisedLikelihood() {
    NoisyRows rows = rows(3, true, true, 11);
    double ridge = 0.5;
    try (Workers workers = new Workers(1)) {
      Em em = em(rows, workers);
      Mixture mixture = mixture(4, 3, 12);
      double before = Double.NEGATIVE_INFINITY;
      for (int step = 0; step < 200; step++) {
        double now = sum(em, mixture) + penalty(mixture, ridge);
        assertTrue(now >= before - 1e-9, "step " + step + ": " + before + " to " + now);
        before = now;
        mixture = em.statistics(mixture).maximised(mixture, ridge);
      }
    }
  }

  /** -(ridge / 2) sum (log det V + tr V^-1), by elimination. */
  private static double penalty(Mixture mixture, double ridge) {
    double sum = 0;
    int d = mixture.dimension();
    for (int j = 0; j < mixture.components(); j++) {
      double[] p = inverse(mixture.covariance(j), d);
      sum += p[d * d];
      for (int a = 0; a < d; a++) {
        sum += p[a * d + a];
      }
    }
    return -0.5 * ridge * sum;
  }

  @Test
  void threadsDoNotChangeABit() {
    Mixture mixture = mixture(3, 2, 13);
    NoisyRows rows = rows(2, false, true, 14);
    try (Workers one = new Workers(1);
        Workers three = new Workers(3)) {
      assertEquals(
          em(rows, one).statistics(mixture).logLikelihood,
          em(rows, three).statistics(mixture).logLikelihood);
    }
  }
}
