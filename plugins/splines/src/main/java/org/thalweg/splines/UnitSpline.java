package org.thalweg.splines;

import ai.djl.ndarray.NDArray;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.transform.Elementwise;

/**
 * A family of increasing maps of [0, 1] onto itself in K pieces, of tensor operations. The splines
 * of a batch are the last axis of every tensor, for the reason given at {@link Knots}.
 */
interface UnitSpline {
  /** The number P of unconstrained parameters. */
  int parameterCount();

  /** Parameters at which the map is the identity. */
  double[] identity();

  /**
   * The pieces of M splines.
   *
   * @param parameters {@code [P, M]}, at most {@link Knots#clipped} in size
   */
  Pieces pieces(Tape tape, NDArray parameters);

  /** The pieces of M splines. */
  interface Pieces {
    /**
     * The piece that each of M values lies in, the last one for the upper end.
     *
     * @param value {@code [1, M]} in [0, 1]
     */
    Piece find(NDArray value, Knots.Axis axis);
  }

  /** One piece for each of M values; every tensor is {@code [1, M]}. */
  interface Piece {
    /** The map at arguments in [0, 1], which rounding may put beside the piece. */
    Elementwise at(NDArray u);

    /** Where the map takes a value v, by a closed form. Not to be differentiated. */
    NDArray root(NDArray v);
  }
}
