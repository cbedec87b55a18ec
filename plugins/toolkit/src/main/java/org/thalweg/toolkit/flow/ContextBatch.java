package org.thalweg.toolkit.flow;

import ai.djl.ndarray.NDArray;
import org.thalweg.api.density.Context;
import org.thalweg.api.error.ThalwegException;

/** The number of contexts and of the rows that share them. */
final class ContextBatch {
  private ContextBatch() {}

  /** The number of contexts, 1 where there is none. */
  static long size(Context context) {
    return context instanceof Context.Of of ? of.rows().getShape().get(0) : 1;
  }

  /** Refuses a batch that has not the same number of rows for each context. */
  static void requireMultiple(NDArray batch, Context context) {
    long contexts = size(context);
    long rows = batch.getShape().get(0);
    if (contexts == 0 ? rows != 0 : rows % contexts != 0) {
      throw ThalwegException.usage(
          "A batch has K rows for each of the %d contexts, got %d rows.", contexts, rows);
    }
  }
}
