package org.thalweg.api.estimator;

import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;

/** A model that assigns rows to components. */
public interface Assignment {
  /** The number of components. */
  int components();

  /** The probabilities {@code [N, components]} of rows in the user's units; each row sums to 1. */
  Matrix probabilities(Rows rows);
}
