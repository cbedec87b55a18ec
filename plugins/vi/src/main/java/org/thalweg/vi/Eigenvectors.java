package org.thalweg.vi;

import org.thalweg.api.data.Matrix;

/**
 * The eigenvectors of a symmetric matrix by cyclic rotations (Golub and Van Loan, "Matrix
 * Computations", 2013, section 8.5).
 *
 * @param values the eigenvalues {@code [R]}, in no order
 * @param vectors {@code [R, R]}, one a row, of length 1
 */
record Eigenvectors(double[] values, Matrix vectors) {
  private static final int SWEEPS = 30;
  private static final double SMALL = 1e-14;

  /** Those of {@code [R, R]}. */
  static Eigenvectors of(Matrix symmetric) {
    int n = symmetric.rows();
    double[] a = symmetric.values().clone();
    Matrix vectors = Matrix.zeros(n, n);
    for (int i = 0; i < n; i++) {
      vectors.values()[i * n + i] = 1;
    }
    for (int sweep = 0; sweep < SWEEPS && !diagonal(a, n); sweep++) {
      for (int p = 0; p < n; p++) {
        for (int q = p + 1; q < n; q++) {
          rotate(a, vectors.values(), n, p, q);
        }
      }
    }
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] = a[i * n + i];
    }
    return new Eigenvectors(values, vectors);
  }

  private static boolean diagonal(double[] a, int n) {
    double off = 0;
    double all = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        double square = a[i * n + j] * a[i * n + j];
        all += square;
        off += i == j ? 0 : square;
      }
    }
    return !(off > SMALL * SMALL * all);
  }

  /** Makes the entry of p and q zero. */
  private static void rotate(double[] a, double[] vectors, int n, int p, int q) {
    double entry = a[p * n + q];
    if (entry == 0) {
      return;
    }
    double half = (a[q * n + q] - a[p * n + p]) / (2 * entry);
    double t = (half < 0 ? -1 : 1) / (Math.abs(half) + Math.hypot(half, 1));
    double c = 1 / Math.hypot(t, 1);
    double s = t * c;
    for (int k = 0; k < n; k++) {
      turn(a, k * n + p, k * n + q, c, s);
    }
    for (int k = 0; k < n; k++) {
      turn(a, p * n + k, q * n + k, c, s);
      turn(vectors, p * n + k, q * n + k, c, s);
    }
  }

  private static void turn(double[] a, int i, int j, double c, double s) {
    double first = a[i];
    a[i] = c * first - s * a[j];
    a[j] = s * first + c * a[j];
  }
}
