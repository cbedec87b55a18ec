package org.thalweg.deconvolution;

import java.util.Arrays;
import java.util.stream.IntStream;

/** p(v | w) of one row under a mixture, in closed form (Bovy, Hogg and Roweis, 2011, eq. 11). */
final class RowPosterior {
  private RowPosterior() {}

  /** The posterior, a mixture of as many Gaussians. */
  static Mixture of(Mixture mixture, NoisyRows rows, int row) {
    int k = mixture.components();
    int d = mixture.dimension();
    int[] there = IntStream.range(0, d).filter(a -> rows.observed(row, a)).toArray();
    double[] logs = new double[k];
    double[] means = new double[k * d];
    double[] covariances = new double[k * d * d];
    for (int j = 0; j < k; j++) {
      logs[j] = component(mixture, rows, row, there, j, means, covariances);
    }
    double most = Arrays.stream(logs).max().orElseThrow();
    double[] weights = Arrays.stream(logs).map(log -> Math.exp(log - most)).toArray();
    double sum = Arrays.stream(weights).sum();
    return new Mixture(Arrays.stream(weights).map(w -> w / sum).toArray(), means, covariances);
  }

  private static double component(
      Mixture mixture,
      NoisyRows rows,
      int row,
      int[] there,
      int j,
      double[] means,
      double[] covariances) {
    int d = mixture.dimension();
    int m = there.length;
    double[] v = mixture.covariance(j);
    double[] l = new double[m * m];
    double[] away = new double[m];
    for (int a = 0; a < m; a++) {
      away[a] = rows.value(row, there[a]) - mixture.means()[j * d + there[a]];
      for (int b = 0; b < m; b++) {
        l[a * m + b] = v[there[a] * d + there[b]] + rows.covariance(row, there[a], there[b]);
      }
    }
    SmallMatrix.cholesky(l, m);
    double log = Math.log(mixture.weights()[j]) - 0.5 * m * Math.log(2 * Math.PI);
    double[] y = away.clone();
    forward(l, m, y);
    for (int a = 0; a < m; a++) {
      log -= 0.5 * y[a] * y[a] + Math.log(l[a * m + a]);
    }
    // With C = L^-1 V of the observed features: b = m + C'y, B = V - C'C.
    double[][] c = new double[d][];
    for (int i = 0; i < d; i++) {
      c[i] = new double[m];
      for (int a = 0; a < m; a++) {
        c[i][a] = v[there[a] * d + i];
      }
      forward(l, m, c[i]);
    }
    for (int i = 0; i < d; i++) {
      double mean = mixture.means()[j * d + i];
      for (int a = 0; a < m; a++) {
        mean += c[i][a] * y[a];
      }
      means[j * d + i] = mean;
      for (int h = 0; h < d; h++) {
        double sum = v[i * d + h];
        for (int a = 0; a < m; a++) {
          sum -= c[i][a] * c[h][a];
        }
        covariances[(j * d + i) * d + h] = sum;
      }
    }
    return log;
  }

  /** Solves L x = b in place. */
  private static void forward(double[] l, int m, double[] b) {
    for (int i = 0; i < m; i++) {
      for (int k = 0; k < i; k++) {
        b[i] -= l[i * m + k] * b[k];
      }
      b[i] /= l[i * m + i];
    }
  }

  /** The mean of a mixture, and then its variances. */
  static double[] moments(Mixture mixture) {
    int d = mixture.dimension();
    double[] out = new double[2 * d];
    for (int j = 0; j < mixture.components(); j++) {
      for (int a = 0; a < d; a++) {
        out[a] += mixture.weights()[j] * mixture.means()[j * d + a];
      }
    }
    for (int j = 0; j < mixture.components(); j++) {
      for (int a = 0; a < d; a++) {
        double apart = mixture.means()[j * d + a] - out[a];
        double variance = Math.max(0, mixture.covariances()[(j * d + a) * d + a]);
        out[d + a] += mixture.weights()[j] * (variance + apart * apart);
      }
    }
    return out;
  }
}
