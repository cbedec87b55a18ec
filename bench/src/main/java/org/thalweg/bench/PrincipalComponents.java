package org.thalweg.bench;

import java.util.Arrays;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.linear.MatrixUtils;
import org.thalweg.api.data.Matrix;

/**
 * The directions of largest variance.
 *
 * @param mean D
 * @param directions {@code [L, D]}, orthonormal, by falling variance
 */
public record PrincipalComponents(double[] mean, Matrix directions) {
  /** The first components of rows. */
  public static PrincipalComponents of(Matrix rows, int count) {
    int n = rows.rows();
    int d = rows.columns();
    double[] mean = new double[d];
    for (int i = 0; i < rows.values().length; i++) {
      mean[i % d] += rows.values()[i] / n;
    }
    double[][] covariance = new double[d][d];
    double[] centred = new double[d];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < d; j++) {
        centred[j] = rows.get(i, j) - mean[j];
      }
      for (int j = 0; j < d; j++) {
        if (centred[j] != 0) {
          double[] row = covariance[j];
          for (int k = 0; k <= j; k++) {
            row[k] += centred[j] * centred[k];
          }
        }
      }
    }
    for (int j = 0; j < d; j++) {
      for (int k = 0; k <= j; k++) {
        covariance[j][k] /= n - 1;
        covariance[k][j] = covariance[j][k];
      }
    }
    var eigen = new EigenDecompositionSymmetric(MatrixUtils.createRealMatrix(covariance));
    Matrix directions = Matrix.zeros(count, d);
    for (int c = 0; c < count; c++) {
      System.arraycopy(eigen.getEigenvector(c).toArray(), 0, directions.values(), c * d, d);
    }
    return new PrincipalComponents(mean, directions);
  }

  /** The coordinates {@code [N, L]} of rows. */
  public Matrix forward(Matrix rows) {
    int d = mean.length;
    int count = directions.rows();
    Matrix out = Matrix.zeros(rows.rows(), count);
    for (int i = 0; i < rows.rows(); i++) {
      for (int j = 0; j < d; j++) {
        double value = rows.get(i, j) - mean[j];
        for (int c = 0; c < count; c++) {
          out.values()[i * count + c] += value * directions.get(c, j);
        }
      }
    }
    return out;
  }

  /** The rows {@code [N, D]} of coordinates. */
  public Matrix inverse(Matrix coordinates) {
    int d = mean.length;
    Matrix out = Matrix.zeros(coordinates.rows(), d);
    for (int i = 0; i < coordinates.rows(); i++) {
      double[] row = Arrays.copyOf(mean, d);
      for (int c = 0; c < directions.rows(); c++) {
        double at = coordinates.get(i, c);
        for (int j = 0; j < d; j++) {
          row[j] += at * directions.get(c, j);
        }
      }
      System.arraycopy(row, 0, out.values(), i * d, d);
    }
    return out;
  }
}
