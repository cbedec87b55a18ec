package org.thalweg.toolkit.flow;

import ai.djl.ndarray.NDArray;
import org.thalweg.api.density.Context;
import org.thalweg.toolkit.nn.RepeatedRows;

/** The number of contexts and of the rows that share them. */
final class ContextBatch {
  private ContextBatch() {}

  /** The number of contexts, 1 where there is none. */
  static long size(Context context) {
    return context instanceof Context.Of of ? of.rows().getShape().get(0) : 1;
  }

  /** Refuses a batch that has not the same number of rows for each context. */
  static void requireMultiple(NDArray batch, Context context) {
    RepeatedRows.perContext(batch.getShape().get(0), size(context));
  }
}
