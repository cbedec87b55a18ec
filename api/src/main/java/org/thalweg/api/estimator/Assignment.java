package org.thalweg.api.estimator;

import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.error.ThalwegException;

/** A model that assigns rows to components. */
public interface Assignment {
  /** The number of components. */
  int components();

  /** The probabilities {@code [N, components]} of rows in the user's units; each row sums to 1. */
  Matrix probabilities(Rows rows);

  /**
   * Draws from one component alone.
   *
   * @param index the component, counted from 0
   * @throws ThalwegException exit code 2 where there is no such component, or where the model
   *     cannot draw from its components one by one
   */
  default Sampler component(int index) {
    throw ThalwegException.usage(
        "This model does not draw from its %d components one by one; component %d was asked for.",
        components(), index);
  }
}
