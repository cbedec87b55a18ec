package org.thalweg.api.estimator;

import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;

/** A model with a latent representation of a row. */
@FunctionalInterface
public interface Encoder {
  /** The representation {@code [N, L]} of rows in the user's units. */
  Matrix encode(Rows rows);
}
