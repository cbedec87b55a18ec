package org.thalweg.api.estimator;

import org.thalweg.api.data.Matrix;

/** A model that maps a latent representation back to a row. */
@FunctionalInterface
public interface Decoder {
  /**
   * The rows of representations.
   *
   * @param latent {@code [N, L]}
   * @param context {@code [N, C]}
   * @return {@code [N, D]} in the user's units
   */
  Matrix decode(Matrix latent, Matrix context);
}
