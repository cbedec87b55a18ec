package org.thalweg.bench.deconvolution;

import java.util.SplittableRandom;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.random.Seed;

/**
 * The mixture of three Gaussians of Dockhorn and others (2020, appendix B.1): means (-2, 0), (0,
 * -2), (0, 2), covariances diag(0.09, 1), diag(1, 0.09), diag(1, 0.09), equal weights, and Gaussian
 * noise of covariance diag(0.1, 1).
 */
final class ThreeGaussians {
  /** The noise, as an option. */
  static final String NOISE = "0.1,0;0,1";

  private static final double[][] MEANS = {{-2, 0}, {0, -2}, {0, 2}};
  private static final double[][] VARIANCES = {{0.09, 1}, {1, 0.09}, {1, 0.09}};
  private static final double[] ERRORS = {0.1, 1};

  private ThreeGaussians() {}

  /** Rows with and without noise. */
  record Drawn(Matrix latent, Matrix observed) {}

  /** Draws rows. */
  static Drawn draw(int n, Seed seed) {
    SplittableRandom random = seed.generator();
    Matrix latent = Matrix.zeros(n, 2);
    Matrix observed = Matrix.zeros(n, 2);
    for (int i = 0; i < n; i++) {
      int k = random.nextInt(3);
      for (int j = 0; j < 2; j++) {
        double v = MEANS[k][j] + Math.sqrt(VARIANCES[k][j]) * random.nextGaussian();
        latent.values()[2 * i + j] = v;
        observed.values()[2 * i + j] = v + Math.sqrt(ERRORS[j]) * random.nextGaussian();
      }
    }
    return new Drawn(latent, observed);
  }

  /** The true log-density of rows without noise. */
  static double[] latent(Matrix rows) {
    return density(rows, new double[2]);
  }

  /** The true log-density of rows with noise. */
  static double[] observed(Matrix rows) {
    return density(rows, ERRORS);
  }

  private static double[] density(Matrix rows, double[] more) {
    double[] out = new double[rows.rows()];
    for (int i = 0; i < out.length; i++) {
      double sum = 0;
      for (int k = 0; k < 3; k++) {
        double log = -Math.log(2 * Math.PI);
        for (int j = 0; j < 2; j++) {
          double variance = VARIANCES[k][j] + more[j];
          double away = rows.get(i, j) - MEANS[k][j];
          log -= 0.5 * (Math.log(variance) + away * away / variance);
        }
        sum += Math.exp(log) / 3;
      }
      out[i] = Math.log(sum);
    }
    return out;
  }
}
