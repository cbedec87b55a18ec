package org.thalweg.api.estimator;

import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;

/** A model with a score: the gradient of the log-density with respect to the row. */
@FunctionalInterface
public interface Score {
  /**
   * The score of rows.
   *
   * @param rows finite rows in the user's units
   * @param time the diffusion time, 0 for the data
   * @return {@code [N, D]}, in nats per unit of the column
   */
  Matrix score(Rows rows, double time);
}
