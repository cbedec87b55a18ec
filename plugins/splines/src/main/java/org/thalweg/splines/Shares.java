package org.thalweg.splines;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import org.thalweg.toolkit.nn.Ops;

/** Sizes of bins that add up to 1, and the knots between them. */
final class Shares {
  private Shares() {}

  /**
   * The softmax along the first axis, mixed with a floor.
   *
   * @param logits {@code [K, M]}, at most {@link Knots#clipped} in size
   */
  static NDArray of(NDArray logits, double floor) {
    NDArray e = logits.exp();
    double free = 1 - logits.getShape().get(0) * floor;
    return e.div(e.sum(new int[] {0}, true)).mul(free).add(floor);
  }

  /** The K + 1 knots from 0 to 1 of K shares, {@code [K + 1, M]}. */
  static NDArray knots(NDArray shares) {
    long bins = shares.getShape().get(0);
    NDArray inside = shares.cumSum(0).get(new NDIndex("0:{}", bins - 1));
    NDArray end = shares.get(new NDIndex("0:1"));
    return Ops.concat(new NDList(end.zerosLike(), inside, end.onesLike()), 0);
  }

  /**
   * The bin of each value, the last one for the upper end.
   *
   * @param knots {@code [K + 1, M]}
   * @param value {@code [1, M]}
   * @return indices of bins {@code [1, M]}
   */
  static NDArray bin(NDArray knots, NDArray value) {
    long bins = knots.getShape().get(0) - 1;
    return knots.get(new NDIndex("1:{}", bins)).lte(value).sum(new int[] {0}, true);
  }
}
