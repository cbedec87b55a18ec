package org.thalweg.vi;

import org.thalweg.api.data.Matrix;

/** The Cholesky factor of a covariance matrix that rounding may have bent. */
final class Cholesky {
  /** Of the diagonal, what is left at least in each pivot. */
  private static final double LEAST = 1e-10;

  private Cholesky() {}

  /** L with {@code L L' = a}, lower triangular. */
  static Matrix factor(Matrix a) {
    int n = a.rows();
    Matrix factor = Matrix.zeros(n, n);
    double[] l = factor.values();
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = a.get(i, j);
        for (int k = 0; k < j; k++) {
          sum -= l[i * n + k] * l[j * n + k];
        }
        l[i * n + j] = i == j ? Math.sqrt(Math.max(sum, LEAST * a.get(i, i))) : sum / l[j * n + j];
      }
    }
    return factor;
  }
}
