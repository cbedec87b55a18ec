package org.thalweg.api.transform;

import org.thalweg.api.density.Context;

/** A transform for each value of a context; bound to a tape. */
@FunctionalInterface
public interface ConditionalTransform {
  /**
   * The transform for a batch of contexts. A batch that is mapped has K consecutive rows for each
   * row of the context, K of 1 or more; the context is embedded once.
   */
  Transform given(Context context);
}
