package org.thalweg.diffusion;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The exact velocity of data from a mixture of equal Gaussians: with y = cos x(0) + sin z,
 * component k of y has the mean cos mu_k and the variance q = cos^2 v + sin^2, and by the
 * regression of one normal number on another
 *
 * <pre>E[sin x(0) - cos z | y, k] = sin mu_k + sin cos (v - 1) (y - cos mu_k) / q</pre>
 */
record MixtureVelocity(double[][] means, double variance) implements Velocity {
  /** Eight Gaussians on the unit circle. */
  static MixtureVelocity ring() {
    double[][] means = new double[8][];
    for (int k = 0; k < 8; k++) {
      double angle = 2 * Math.PI * k / 8;
      means[k] = new double[] {Math.cos(angle), Math.sin(angle)};
    }
    return new MixtureVelocity(means, 0.01);
  }

  /** One Gaussian about 0. */
  static MixtureVelocity gaussian(int dimension, double variance) {
    return new MixtureVelocity(new double[][] {new double[dimension]}, variance);
  }

  @Override
  public int dimension() {
    return means[0].length;
  }

  double[] sample(int n, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int d = dimension();
    double[] out = new double[n * d];
    for (int i = 0; i < n; i++) {
      double[] mean = means[random.nextInt(means.length)];
      for (int j = 0; j < d; j++) {
        out[i * d + j] = mean[j] + Math.sqrt(variance) * random.nextGaussian();
      }
    }
    return out;
  }

  /** The log-density of m x(0) + s z. */
  double logDensity(double m, double s, double[] x, int row) {
    int d = dimension();
    double q = m * m * variance + s * s;
    double[] logs = new double[means.length];
    for (int k = 0; k < logs.length; k++) {
      double squares = 0;
      for (int j = 0; j < d; j++) {
        double e = x[row * d + j] - m * means[k][j];
        squares += e * e;
      }
      logs[k] = -0.5 * squares / q;
    }
    double most = Arrays.stream(logs).max().orElseThrow();
    double sum = Arrays.stream(logs).map(l -> Math.exp(l - most)).sum();
    return most + Math.log(sum / logs.length) - 0.5 * d * Math.log(2 * Math.PI * q);
  }

  @Override
  public double[] velocity(int[] rows, Angle[] at, double[] y) {
    return change(rows, at, y, new Directions.Axes(dimension())).velocity();
  }

  @Override
  public Change change(int[] rows, Angle[] at, double[] y, Directions directions) {
    int d = dimension();
    int k = means.length;
    int estimates = directions.estimates();
    double[] velocity = new double[y.length];
    double[] divergence = new double[rows.length * estimates];
    double[] along = along(rows, directions);
    double[] weight = new double[k];
    for (int i = 0; i < rows.length; i++) {
      double c = at[i].cos();
      double s = at[i].sin();
      double q = c * c * variance + s * s;
      double slope = s * c * (variance - 1) / q;
      double most = Double.NEGATIVE_INFINITY;
      for (int l = 0; l < k; l++) {
        double squares = 0;
        for (int j = 0; j < d; j++) {
          double e = y[i * d + j] - c * means[l][j];
          squares += e * e;
        }
        weight[l] = -0.5 * squares / q;
        most = Math.max(most, weight[l]);
      }
      double sum = 0;
      for (int l = 0; l < k; l++) {
        weight[l] = Math.exp(weight[l] - most);
        sum += weight[l];
      }
      double[] gradient = new double[d];
      for (int l = 0; l < k; l++) {
        weight[l] /= sum;
        for (int j = 0; j < d; j++) {
          double e = y[i * d + j] - c * means[l][j];
          velocity[i * d + j] += weight[l] * (s * means[l][j] + slope * e);
          gradient[j] -= weight[l] * e / q;
        }
      }
      // dF/dy = slope I + sum of w_k F_k (g_k - g)', with g_k = -(y - cos mu_k) / q
      for (int e = 0; e < estimates; e++) {
        double total = 0;
        for (int l = 0; l < k; l++) {
          double left = 0;
          double right = 0;
          double dot = 0;
          for (int j = 0; j < d; j++) {
            double move = y[i * d + j] - c * means[l][j];
            double f = s * means[l][j] + slope * move;
            double g = -move / q - gradient[j];
            double v = along.length == 0 ? 0 : along[(e * rows.length + i) * d + j];
            left += f * v;
            right += g * v;
            dot += f * g;
          }
          total += weight[l] * (along.length == 0 ? dot : left * right);
        }
        double norm = d;
        if (along.length > 0) {
          norm = 0;
          for (int j = 0; j < d; j++) {
            double v = along[(e * rows.length + i) * d + j];
            norm += v * v;
          }
        }
        divergence[i * estimates + e] = slope * norm + total;
      }
    }
    return new Change(velocity, divergence);
  }

  /** {@code [K, rows, D]}, none for axes. */
  private static double[] along(int[] rows, Directions directions) {
    if (directions instanceof Directions.Random random) {
      return random.select(rows);
    }
    return directions instanceof Directions.Fresh fresh ? fresh.values() : new double[0];
  }
}
