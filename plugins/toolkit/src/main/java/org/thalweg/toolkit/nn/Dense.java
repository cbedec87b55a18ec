package org.thalweg.toolkit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.nn.core.Linear;

/**
 * An affine map on a tape.
 *
 * @param weight {@code [out, in]}, masked already where the layer has a mask
 * @param bias {@code [out]}
 */
public record Dense(NDArray weight, NDArray bias) {
  /**
   * The map of each row.
   *
   * @param x {@code [N, in]}
   * @return {@code [N, out]}
   */
  public NDArray apply(NDArray x) {
    return Linear.linear(x, weight, bias).singletonOrThrow();
  }

  /** The linear part of the map, of {@code [..., in]}: what it makes of a change of its input. */
  public NDArray applyLinear(NDArray x) {
    return x.matMul(weight.transpose());
  }

  /** The weights of the inputs {@code from} to {@code to}, the latter excluded. */
  NDArray inputs(long from, long to) {
    return weight.get(new NDIndex(":, {}:{}", from, to));
  }

  /** The map to the outputs {@code from} to {@code to} alone, the latter excluded. */
  Dense outputs(long from, long to) {
    NDIndex rows = new NDIndex("{}:{}", from, to);
    return new Dense(weight.get(rows), bias.get(rows));
  }
}
