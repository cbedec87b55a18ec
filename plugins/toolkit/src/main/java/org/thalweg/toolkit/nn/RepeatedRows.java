package org.thalweg.toolkit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.thalweg.api.error.ThalwegException;

/** What was computed once for each context, where a batch has K consecutive rows for each. */
final class RepeatedRows {
  private final NDArray rows;
  private NDArray last;

  RepeatedRows(NDArray rows) {
    this.rows = rows;
    this.last = rows;
  }

  /** The rows {@code [N, H]}, each repeated K times: {@code [batch, H]}. */
  NDArray matching(long batch) {
    if (last.getShape().get(0) != batch) {
      long n = rows.getShape().get(0);
      if (n == 0 || batch % n != 0) {
        throw ThalwegException.usage(
            "A batch has K rows for each of the %d contexts, got %d rows.", n, batch);
      }
      long width = rows.getShape().get(1);
      last =
          rows.expandDims(1)
              .broadcast(new Shape(n, batch / n, width))
              .reshape(new Shape(batch, width));
    }
    return last;
  }
}
