package org.thalweg.toolkit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.thalweg.api.error.ThalwegException;

/** What was computed once for each context, where a batch has K consecutive rows for each. */
public final class RepeatedRows {
  private final NDArray rows;
  private NDArray last;

  /** The rows {@code [N, ...]}, one for each context. */
  public RepeatedRows(NDArray rows) {
    this.rows = rows;
    this.last = rows;
  }

  /** Each row repeated K times: {@code [batch, ...]}; the same array for the same batch. */
  public NDArray matching(long batch) {
    if (last.getShape().get(0) != batch) {
      long n = rows.getShape().get(0);
      Shape one = rows.getShape().slice(1);
      Shape repeated = new Shape(n, perContext(batch, n)).addAll(one);
      last = rows.expandDims(1).broadcast(repeated).reshape(new Shape(batch).addAll(one));
    }
    return last;
  }

  /**
   * K, the number of rows of a batch for each context.
   *
   * @throws ThalwegException where the batch has not the same number for each
   */
  public static long perContext(long batch, long contexts) {
    if (contexts == 0 ? batch != 0 : batch % contexts != 0) {
      throw ThalwegException.usage(
          "A batch has K rows for each of the %d contexts, got %d rows.", contexts, batch);
    }
    return contexts == 0 ? 0 : batch / contexts;
  }
}
