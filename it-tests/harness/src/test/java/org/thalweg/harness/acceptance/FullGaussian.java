package org.thalweg.harness.acceptance;

import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;
import org.thalweg.api.data.Matrix;

/**
 * A Gaussian with a full covariance.
 *
 * @param mean its mean
 * @param factor the lower Cholesky factor of its covariance
 */
record FullGaussian(double[] mean, RealMatrix factor) implements Baseline {
  /** The maximum-likelihood fit to weighted rows, with {@code ridge} added to the diagonal. */
  static FullGaussian fit(Matrix rows, double[] weights, double ridge) {
    int d = rows.columns();
    double total = 1e-10; // an empty component must not divide by zero
    double[] mean = new double[d];
    for (int i = 0; i < rows.rows(); i++) {
      total += weights[i];
      for (int j = 0; j < d; j++) {
        mean[j] += weights[i] * rows.get(i, j);
      }
    }
    for (int j = 0; j < d; j++) {
      mean[j] /= total;
    }
    double[][] covariance = new double[d][d];
    for (int i = 0; i < rows.rows(); i++) {
      for (int j = 0; j < d; j++) {
        double dj = weights[i] / total * (rows.get(i, j) - mean[j]);
        for (int k = 0; k <= j; k++) {
          covariance[j][k] += dj * (rows.get(i, k) - mean[k]);
        }
      }
    }
    for (int j = 0; j < d; j++) {
      covariance[j][j] += ridge;
      for (int k = 0; k < j; k++) {
        covariance[k][j] = covariance[j][k];
      }
    }
    RealMatrix matrix = MatrixUtils.createRealMatrix(covariance);
    return new FullGaussian(mean, new CholeskyDecomposition(matrix, 1e-12, 1e-300).getL());
  }

  /** The maximum-likelihood fit to rows. */
  static FullGaussian fit(Matrix rows) {
    double[] ones = new double[rows.rows()];
    java.util.Arrays.fill(ones, 1);
    return fit(rows, ones, 0);
  }

  @Override
  public double[] logDensity(Matrix rows) {
    int d = mean.length;
    double[][] l = factor.getData();
    double constant = -0.5 * d * Math.log(2 * Math.PI);
    for (int j = 0; j < d; j++) {
      constant -= Math.log(l[j][j]);
    }
    double[] out = new double[rows.rows()];
    double[] z = new double[d];
    for (int i = 0; i < out.length; i++) {
      double sum = 0;
      for (int j = 0; j < d; j++) {
        double t = rows.get(i, j) - mean[j];
        for (int k = 0; k < j; k++) {
          t -= l[j][k] * z[k];
        }
        z[j] = t / l[j][j];
        sum += z[j] * z[j];
      }
      out[i] = constant - 0.5 * sum;
    }
    return out;
  }
}
