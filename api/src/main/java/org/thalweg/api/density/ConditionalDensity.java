package org.thalweg.api.density;

/** A density for each value of a context; bound to a tape. */
@FunctionalInterface
public interface ConditionalDensity {
  /**
   * The density for a batch of N contexts, which are embedded once. Without a context, N is 1 where
   * samples are drawn.
   *
   * @throws org.thalweg.api.error.ThalwegException where the context's shape is not the declared
   *     one
   */
  Density given(Context context);
}
