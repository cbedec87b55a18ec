package org.thalweg.api.transform;

import ai.djl.ndarray.NDArray;
import org.thalweg.api.data.Kind;
import org.thalweg.api.engine.Tape;

/**
 * A family of increasing maps of one number, applied element by element. Autoregressive and
 * coupling transforms take any, so that <i>spline with coupling</i> and <i>spline with
 * autoregression</i> are arguments and not classes. Immutable and stateless.
 */
public interface Univariate {
  /** The number P of unconstrained parameters of one element's map. */
  int parameterCount();

  /**
   * The P unconstrained parameters at which the map is the identity, or as close as the family
   * comes: a conditioner starts there.
   */
  double[] identity();

  /** The set that the family maps onto itself; the whole line unless it says otherwise. */
  default Kind domain() {
    return Kind.REAL;
  }

  /** The cost of {@link #forward}. */
  default Cost forwardCost() {
    return Cost.ONE_PASS;
  }

  /** The cost of {@link #inverse}. */
  default Cost inverseCost() {
    return Cost.ONE_PASS;
  }

  /**
   * Maps data to noise. Value, log-derivative and their gradients are finite for all finite
   * arguments.
   *
   * @param tape what records the computation
   * @param x {@code [N, D]}
   * @param parameters {@code [N, D, P]}, unconstrained
   */
  Elementwise forward(Tape tape, NDArray x, NDArray parameters);

  /** Maps noise to data; shapes and promises as for {@link #forward}. */
  Elementwise inverse(Tape tape, NDArray y, NDArray parameters);
}
