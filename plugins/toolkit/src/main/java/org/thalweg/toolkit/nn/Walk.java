package org.thalweg.toolkit.nn;

import ai.djl.ndarray.NDArray;

/**
 * A walk through the dimensions of an autoregressive net, where each value is known only after the
 * net's outputs for it.
 */
public interface Walk {
  /** The outputs {@code [N, P]} for the next dimension, given the values so far. */
  NDArray outputs();

  /** Sets the value {@code [N, 1]} of the next dimension, and goes on to the one after it. */
  void accept(NDArray column);
}
