package org.thalweg.bench.deconvolution;

import org.thalweg.api.data.Matrix;
import org.thalweg.api.random.Seed;

/**
 * What the noise costs the best of all fits to {@link ThreeGaussians}: a mixture of three Gaussians
 * fitted by maximum likelihood to N noisy rows stays above the truth by {@code tr(I_w^-1 I_v) / 2N}
 * on rows without noise, and by {@code 17 / 2N} on rows with it, where I are the information
 * matrices of the 17 free numbers for a row with and without noise. They are estimated from the
 * gradients of log-densities of fresh rows, by central differences.
 */
final class InformationBound {
  private static final int ROWS = 40_000;
  private static final int FREE = 17;

  private InformationBound() {}

  /** Two logits, six means, nine halves of covariances. */
  private static double[] truth() {
    double[] out = new double[FREE];
    double[] means = {-2, 0, 0, -2, 0, 2};
    System.arraycopy(means, 0, out, 2, 6);
    double[][] covariances = {{0.09, 0, 1}, {1, 0, 0.09}, {1, 0, 0.09}};
    for (int k = 0; k < 3; k++) {
      System.arraycopy(covariances[k], 0, out, 8 + 3 * k, 3);
    }
    return out;
  }

  private static double log(double[] p, double x, double y, double noiseX, double noiseY) {
    double normaliser = Math.exp(p[0]) + Math.exp(p[1]) + 1;
    double sum = 0;
    for (int k = 0; k < 3; k++) {
      double weight = (k < 2 ? Math.exp(p[k]) : 1) / normaliser;
      double a = p[8 + 3 * k] + noiseX;
      double b = p[9 + 3 * k];
      double c = p[10 + 3 * k] + noiseY;
      double det = a * c - b * b;
      double dx = x - p[2 + 2 * k];
      double dy = y - p[3 + 2 * k];
      double q = (c * dx * dx - 2 * b * dx * dy + a * dy * dy) / det;
      sum += weight * Math.exp(-0.5 * q) / (2 * Math.PI * Math.sqrt(det));
    }
    return Math.log(sum);
  }

  private static double[][] information(Matrix rows, double noiseX, double noiseY) {
    double[][] out = new double[FREE][FREE];
    double[] p = truth();
    double[] gradient = new double[FREE];
    for (int i = 0; i < rows.rows(); i++) {
      for (int e = 0; e < FREE; e++) {
        double h = 1e-5;
        double at = p[e];
        p[e] = at + h;
        double up = log(p, rows.get(i, 0), rows.get(i, 1), noiseX, noiseY);
        p[e] = at - h;
        double down = log(p, rows.get(i, 0), rows.get(i, 1), noiseX, noiseY);
        p[e] = at;
        gradient[e] = (up - down) / (2 * h);
      }
      for (int a = 0; a < FREE; a++) {
        for (int b = 0; b < FREE; b++) {
          out[a][b] += gradient[a] * gradient[b] / rows.rows();
        }
      }
    }
    return out;
  }

  /** The expected excess on rows without noise, in nats, of a fit to so many noisy rows. */
  static double latent(int rows) {
    ThreeGaussians.Drawn drawn = ThreeGaussians.draw(ROWS, new Seed(99));
    double[][] noisy = information(drawn.observed(), 0.1, 1);
    double[][] clean = information(drawn.latent(), 0, 0);
    double trace = 0;
    double[][] solved = solve(noisy, clean);
    for (int a = 0; a < FREE; a++) {
      trace += solved[a][a];
    }
    return trace / (2 * rows);
  }

  /** A^-1 B by elimination with pivoting. */
  private static double[][] solve(double[][] a, double[][] b) {
    int n = a.length;
    for (int c = 0; c < n; c++) {
      int best = c;
      for (int i = c; i < n; i++) {
        best = Math.abs(a[i][c]) > Math.abs(a[best][c]) ? i : best;
      }
      double[] swapA = a[c];
      a[c] = a[best];
      a[best] = swapA;
      double[] swapB = b[c];
      b[c] = b[best];
      b[best] = swapB;
      for (int i = 0; i < n; i++) {
        double factor = i == c ? 0 : a[i][c] / a[c][c];
        for (int j = 0; j < n && factor != 0; j++) {
          a[i][j] -= factor * a[c][j];
          b[i][j] -= factor * b[c][j];
        }
      }
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        b[i][j] /= a[i][i];
      }
    }
    return b;
  }
}
