package org.thalweg.sbi.metric;

/**
 * Matrix products in single precision on the Java heap. Nets of a hundred units spend less here
 * than a call into a library costs.
 *
 * <p>A matrix is an array of rows, and that is what makes it fast: the JIT compiler vectorises a
 * loop that writes one array and reads five others at the same index, and neither one that writes
 * two rows of one array nor one with more terms.
 */
final class Product {
  private static final int TERMS = 5;

  private Product() {}

  /**
   * Adds {@code A W} to {@code C}.
   *
   * @param c {@code [M, N]} or more columns
   * @param a {@code [M, depth]} or more columns
   * @param w {@code [depth, N]} or more of both
   * @param depth how many rows of W
   * @param n how many columns of C and W
   */
  static void add(float[][] c, float[][] a, float[][] w, int depth, int n) {
    // Rows of W stay in the nearest cache while all of C passes by.
    int k = 0;
    for (; k + TERMS <= depth; k += TERMS) {
      for (int i = 0; i < c.length; i++) {
        float[] f = a[i];
        five(c[i], w, k, f[k], f[k + 1], f[k + 2], f[k + 3], f[k + 4], n);
      }
    }
    for (; k < depth; k++) {
      for (int i = 0; i < c.length; i++) {
        one(c[i], w[k], a[i][k], n);
      }
    }
  }

  /** The same with A given by its columns, {@code [depth, M]} or more columns. */
  static void addTransposed(float[][] c, float[][] a, float[][] w, int depth, int n) {
    int k = 0;
    for (; k + TERMS <= depth; k += TERMS) {
      for (int i = 0; i < c.length; i++) {
        five(c[i], w, k, a[k][i], a[k + 1][i], a[k + 2][i], a[k + 3][i], a[k + 4][i], n);
      }
    }
    for (; k < depth; k++) {
      for (int i = 0; i < c.length; i++) {
        one(c[i], w[k], a[k][i], n);
      }
    }
  }

  private static void five(
      float[] out, float[][] w, int k, float a0, float a1, float a2, float a3, float a4, int n) {
    five(out, w[k], w[k + 1], w[k + 2], w[k + 3], w[k + 4], a0, a1, a2, a3, a4, n);
  }

  private static void five(
      float[] out,
      float[] w0,
      float[] w1,
      float[] w2,
      float[] w3,
      float[] w4,
      float a0,
      float a1,
      float a2,
      float a3,
      float a4,
      int n) {
    for (int j = 0; j < n; j++) {
      float sum = Math.fma(a1, w1[j], Math.fma(a0, w0[j], out[j]));
      out[j] = Math.fma(a4, w4[j], Math.fma(a3, w3[j], Math.fma(a2, w2[j], sum)));
    }
  }

  private static void one(float[] out, float[] w, float a, int n) {
    for (int j = 0; j < n; j++) {
      out[j] = Math.fma(a, w[j], out[j]);
    }
  }

  /** Writes the first n columns of rows {@code [M, n]} as the rows of {@code [n, M]}. */
  static void transpose(float[][] out, float[][] rows, int n) {
    int m = rows.length;
    int j = 0;
    // Four columns of the result at a time share the cache lines that are written.
    for (; j + 4 <= m; j += 4) {
      float[] r0 = rows[j];
      float[] r1 = rows[j + 1];
      float[] r2 = rows[j + 2];
      float[] r3 = rows[j + 3];
      for (int i = 0; i < n; i++) {
        float[] to = out[i];
        to[j] = r0[i];
        to[j + 1] = r1[i];
        to[j + 2] = r2[i];
        to[j + 3] = r3[i];
      }
    }
    for (; j < m; j++) {
      float[] from = rows[j];
      for (int i = 0; i < n; i++) {
        out[i][j] = from[i];
      }
    }
  }
}
