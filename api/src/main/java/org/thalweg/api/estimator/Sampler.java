package org.thalweg.api.estimator;

import org.thalweg.api.data.Matrix;
import org.thalweg.api.random.Seed;

/** A model that draws rows. */
@FunctionalInterface
public interface Sampler {
  /**
   * Draws rows.
   *
   * @param perContext K, the number of draws for each row of the context
   * @param context {@code [N, C]}; {@code [1, 0]} for an unconditional model
   * @param seed the origin of the draws
   * @return {@code [N * K, D]} in the user's units, K consecutive rows for each row of the context
   */
  Matrix sample(int perContext, Matrix context, Seed seed);
}
