package org.thalweg.deconvolution;

import java.util.SplittableRandom;

/** Draws of a mixture of Gaussians; a direction without variance stays at its mean. */
final class GaussianDraws {
  /** Added to correlations before they are factorised, so that rounding leaves them a factor. */
  private static final double JITTER = 1e-12;

  private final Mixture mixture;
  private final double[] factors;
  private final double[] cumulative;

  private GaussianDraws(Mixture mixture, double[] factors, double[] cumulative) {
    this.mixture = mixture;
    this.factors = factors;
    this.cumulative = cumulative;
  }

  static GaussianDraws of(Mixture mixture) {
    int k = mixture.components();
    int d = mixture.dimension();
    double[] factors = new double[k * d * d];
    double[] cumulative = new double[k];
    double up = 0;
    for (int j = 0; j < k; j++) {
      up += mixture.weights()[j];
      cumulative[j] = up;
      System.arraycopy(factor(mixture.covariance(j), d), 0, factors, j * d * d, d * d);
    }
    return new GaussianDraws(mixture, factors, cumulative);
  }

  /** A lower triangle L with L L' = the covariance. */
  private static double[] factor(double[] covariance, int d) {
    double[] scale = new double[d];
    double[] r = new double[d * d];
    for (int a = 0; a < d; a++) {
      scale[a] = Math.sqrt(Math.max(0, covariance[a * d + a]));
    }
    for (int a = 0; a < d; a++) {
      for (int b = 0; b <= a; b++) {
        double product = scale[a] * scale[b];
        r[a * d + b] = a == b ? 1 + JITTER : product > 0 ? covariance[a * d + b] / product : 0;
      }
    }
    if (!SmallMatrix.cholesky(r, d)) {
      SmallMatrix.Eigen eigen = SmallMatrix.eigen(symmetric(covariance, scale, d), d);
      r = eigen.raised(JITTER);
      SmallMatrix.cholesky(r, d);
    }
    double[] out = new double[d * d];
    for (int a = 0; a < d; a++) {
      for (int b = 0; b <= a; b++) {
        out[a * d + b] = scale[a] * r[a * d + b];
      }
    }
    return out;
  }

  private static double[] symmetric(double[] covariance, double[] scale, int d) {
    double[] r = new double[d * d];
    for (int a = 0; a < d; a++) {
      for (int b = 0; b < d; b++) {
        double product = scale[a] * scale[b];
        r[a * d + b] = a == b ? 1 : product > 0 ? covariance[a * d + b] / product : 0;
      }
    }
    return r;
  }

  /** Writes one draw. */
  void into(double[] out, int at, SplittableRandom random) {
    int d = mixture.dimension();
    double uniform = random.nextDouble() * cumulative[cumulative.length - 1];
    int j = 0;
    while (j < cumulative.length - 1 && uniform >= cumulative[j]) {
      j++;
    }
    double[] e = new double[d];
    for (int a = 0; a < d; a++) {
      e[a] = random.nextGaussian();
      double value = mixture.means()[j * d + a];
      for (int b = 0; b <= a; b++) {
        value += factors[(j * d + a) * d + b] * e[b];
      }
      out[at + a] = value;
    }
  }
}
