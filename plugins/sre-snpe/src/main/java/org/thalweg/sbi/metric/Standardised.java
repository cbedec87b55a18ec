package org.thalweg.sbi.metric;

import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ThalwegException;

/** Rows of two sets by the first one's means and standard deviations. */
final class Standardised {
  private Standardised() {}

  /** Both sets, one after the other, row-major. A column without spread is only centred. */
  static float[] join(Matrix reference, Matrix draws) {
    check(reference, draws);
    int d = reference.columns();
    int n = reference.rows();
    float[] out = new float[(n + draws.rows()) * d];
    for (int j = 0; j < d; j++) {
      double mean = 0;
      for (int i = 0; i < n; i++) {
        mean += reference.get(i, j) / n;
      }
      double sum = 0;
      for (int i = 0; i < n; i++) {
        sum += (reference.get(i, j) - mean) * (reference.get(i, j) - mean);
      }
      double deviation = sum > 0 ? Math.sqrt(sum / (n - 1)) : 1;
      for (int i = 0; i < n; i++) {
        out[i * d + j] = (float) ((reference.get(i, j) - mean) / deviation);
      }
      for (int i = 0; i < draws.rows(); i++) {
        out[(n + i) * d + j] = (float) ((draws.get(i, j) - mean) / deviation);
      }
    }
    return out;
  }

  /** Refuses sets that cannot be compared. */
  static void check(Matrix reference, Matrix draws) {
    if (reference.columns() != draws.columns() || reference.columns() == 0) {
      throw ThalwegException.usage(
          "Two sets of draws are compared over the same columns, got %d and %d.",
          reference.columns(), draws.columns());
    }
    if (reference.rows() < 2 || draws.rows() < 2) {
      throw ThalwegException.usage(
          "Two sets of draws need two rows each at least, got %d and %d.",
          reference.rows(), draws.rows());
    }
    for (Matrix set : new Matrix[] {reference, draws}) {
      for (int i = 0; i < set.rows(); i++) {
        if (!set.finite(i)) {
          throw ThalwegException.usage("Row %d of a set of draws is not finite.", i + 1);
        }
      }
    }
  }
}
