package org.thalweg.sbi.metric;

/**
 * Matrix products in single precision on the Java heap. Nets of a hundred units spend less here
 * than a call into a library costs; the inner loop is one that the JIT compiler vectorises.
 */
final class Product {
  private Product() {}

  /**
   * Adds {@code A W} to {@code C}.
   *
   * @param c {@code [m, n]}, row-major
   * @param a entry (i, k) stands at {@code i * rowStride + k * columnStride}
   * @param w {@code [depth, n]}, row-major
   */
  static void add(
      float[] c, int m, int n, int depth, float[] a, int rowStride, int columnStride, float[] w) {
    int i = 0;
    for (; i + 2 <= m; i += 2) {
      int k = 0;
      for (; k + 4 <= depth; k += 4) {
        int p = i * rowStride + k * columnStride;
        int q = p + rowStride;
        two(
            c,
            i * n,
            (i + 1) * n,
            n,
            w,
            k * n,
            a[p],
            a[p + columnStride],
            a[p + 2 * columnStride],
            a[p + 3 * columnStride],
            a[q],
            a[q + columnStride],
            a[q + 2 * columnStride],
            a[q + 3 * columnStride]);
      }
      for (; k < depth; k++) {
        one(c, i * n, n, w, k * n, a[i * rowStride + k * columnStride]);
        one(c, (i + 1) * n, n, w, k * n, a[(i + 1) * rowStride + k * columnStride]);
      }
    }
    if (i < m) {
      for (int k = 0; k < depth; k++) {
        one(c, i * n, n, w, k * n, a[i * rowStride + k * columnStride]);
      }
    }
  }

  /** Two rows of C from four of W: each loaded number is used twice. */
  private static void two(
      float[] c,
      int first,
      int second,
      int n,
      float[] w,
      int at,
      float a0,
      float a1,
      float a2,
      float a3,
      float b0,
      float b1,
      float b2,
      float b3) {
    int at1 = at + n;
    int at2 = at1 + n;
    int at3 = at2 + n;
    for (int j = 0; j < n; j++) {
      float w0 = w[at + j];
      float w1 = w[at1 + j];
      float w2 = w[at2 + j];
      float w3 = w[at3 + j];
      c[first + j] += a0 * w0 + a1 * w1 + a2 * w2 + a3 * w3;
      c[second + j] += b0 * w0 + b1 * w1 + b2 * w2 + b3 * w3;
    }
  }

  private static void one(float[] c, int row, int n, float[] w, int at, float a) {
    for (int j = 0; j < n; j++) {
      c[row + j] += a * w[at + j];
    }
  }
}
