package org.thalweg.deconvolution;

/** Symmetric matrices of a few rows, row-major in double precision. */
final class SmallMatrix {
  private static final int SWEEPS = 100;

  private SmallMatrix() {}

  /**
   * Eigenvalues and eigenvectors.
   *
   * @param values in no order
   * @param vectors {@code [m, m]}, a vector in each column
   */
  record Eigen(double[] values, double[] vectors) {
    /** The matrix again, with the eigenvalues raised to a floor. */
    double[] raised(double floor) {
      int m = values.length;
      double[] out = new double[m * m];
      for (int a = 0; a < m; a++) {
        for (int b = 0; b < m; b++) {
          double sum = 0;
          for (int k = 0; k < m; k++) {
            sum += vectors[a * m + k] * vectors[b * m + k] * Math.max(floor, values[k]);
          }
          out[a * m + b] = sum;
        }
      }
      return out;
    }
  }

  /** Whether {@code a - least I} is positive definite, by Cholesky's method. */
  static boolean positive(double[] a, int m, double least) {
    double[] shifted = a.clone();
    for (int j = 0; j < m; j++) {
      shifted[j * m + j] -= least;
    }
    return cholesky(shifted, m);
  }

  /** Replaces the lower triangle of a matrix by its Cholesky factor; false where there is none. */
  static boolean cholesky(double[] a, int m) {
    for (int j = 0; j < m; j++) {
      double pivot = a[j * m + j];
      for (int k = 0; k < j; k++) {
        pivot -= a[j * m + k] * a[j * m + k];
      }
      if (!(pivot > 0)) {
        return false;
      }
      double root = Math.sqrt(pivot);
      a[j * m + j] = root;
      for (int i = j + 1; i < m; i++) {
        double sum = a[i * m + j];
        for (int k = 0; k < j; k++) {
          sum -= a[i * m + k] * a[j * m + k];
        }
        a[i * m + j] = sum / root;
      }
    }
    return true;
  }

  /** By Jacobi's rotations (Golub and Van Loan, section 8.5). */
  static Eigen eigen(double[] symmetric, int m) {
    double[] a = symmetric.clone();
    double[] v = new double[m * m];
    for (int j = 0; j < m; j++) {
      v[j * m + j] = 1;
    }
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      double off = 0;
      for (int p = 0; p < m; p++) {
        for (int q = p + 1; q < m; q++) {
          off += a[p * m + q] * a[p * m + q];
        }
      }
      if (off < 1e-30) {
        break;
      }
      for (int p = 0; p < m; p++) {
        for (int q = p + 1; q < m; q++) {
          rotate(a, v, m, p, q);
        }
      }
    }
    double[] values = new double[m];
    for (int j = 0; j < m; j++) {
      values[j] = a[j * m + j];
    }
    return new Eigen(values, v);
  }

  private static void rotate(double[] a, double[] v, int m, int p, int q) {
    double apq = a[p * m + q];
    if (apq == 0) {
      return;
    }
    double tau = (a[q * m + q] - a[p * m + p]) / (2 * apq);
    double t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau));
    double c = 1 / Math.sqrt(1 + t * t);
    double s = t * c;
    for (int k = 0; k < m; k++) {
      double akp = a[k * m + p];
      double akq = a[k * m + q];
      a[k * m + p] = c * akp - s * akq;
      a[k * m + q] = s * akp + c * akq;
    }
    for (int k = 0; k < m; k++) {
      double apk = a[p * m + k];
      double aqk = a[q * m + k];
      a[p * m + k] = c * apk - s * aqk;
      a[q * m + k] = s * apk + c * aqk;
    }
    for (int k = 0; k < m; k++) {
      double vkp = v[k * m + p];
      double vkq = v[k * m + q];
      v[k * m + p] = c * vkp - s * vkq;
      v[k * m + q] = s * vkp + c * vkq;
    }
  }
}
