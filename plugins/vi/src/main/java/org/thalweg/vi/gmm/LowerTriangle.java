package org.thalweg.vi.gmm;

import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;

/**
 * The Cholesky factor L of a symmetric positive definite matrix C = L L'.
 *
 * @param size D
 * @param values {@code [D, D]}, row-major; zeros above the diagonal
 */
record LowerTriangle(int size, double[] values) {
  /** Factorises {@code [D, D]}, of which the lower triangle is read. */
  static LowerTriangle of(double[] matrix, int size) {
    double[] out = new double[size * size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = matrix[i * size + j];
        for (int k = 0; k < j; k++) {
          sum -= out[i * size + k] * out[j * size + k];
        }
        if (i == j && !(sum > 0)) {
          throw new ThalwegException(
              ExitCode.DIVERGED,
              "A component's covariance matrix lost its positive diagonal (%s): the table is too "
                      .formatted(sum)
                  + "ill-conditioned. Give the prior more width, or leave out columns that others "
                  + "determine.");
        }
        out[i * size + j] = i == j ? Math.sqrt(sum) : sum / out[j * size + j];
      }
    }
    return new LowerTriangle(size, out);
  }

  /** log |C|. */
  double logDeterminant() {
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += Math.log(values[i * size + i]);
    }
    return 2 * sum;
  }

  /**
   * (x - m)' C^-1 (x - m).
   *
   * @param x rows, of which the one from {@code offset} on is meant
   * @param scratch D numbers that are overwritten
   */
  double squaredDistance(double[] x, int offset, double[] m, double[] scratch) {
    double out = 0;
    for (int i = 0; i < size; i++) {
      double sum = x[offset + i] - m[i];
      for (int k = 0; k < i; k++) {
        sum -= values[i * size + k] * scratch[k];
      }
      scratch[i] = sum / values[i * size + i];
      out += scratch[i] * scratch[i];
    }
    return out;
  }

  /** L z. */
  double[] times(double[] z) {
    double[] out = new double[size];
    for (int i = 0; i < size; i++) {
      for (int k = 0; k <= i; k++) {
        out[i] += values[i * size + k] * z[k];
      }
    }
    return out;
  }
}
