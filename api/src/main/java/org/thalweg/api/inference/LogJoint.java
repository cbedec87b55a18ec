package org.thalweg.api.inference;

import ai.djl.ndarray.NDArray;
import org.thalweg.api.engine.Tape;

/** The logarithm of a joint density of parameters and data, up to a constant. */
@FunctionalInterface
public interface LogJoint {
  /**
   * Evaluates a batch with tensor operations, so that it can be differentiated.
   *
   * @param tape what records the computation
   * @param parameters {@code [N, P]} inside the support, in the user's units
   * @return {@code [N]}, in nats
   */
  NDArray logDensity(Tape tape, NDArray parameters);
}
