package org.thalweg.splines;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import org.thalweg.api.engine.Tape;
import org.thalweg.toolkit.nn.Ops;

/**
 * The knots of M splines: positions, heights and slopes, {@code [3, K + 1, M]}. The splines are the
 * last axis, so that every operation runs along contiguous memory; a reduction over a short last
 * axis takes several times as long.
 */
final class Knots {
  /** Which coordinate a bin is searched by. */
  enum Axis {
    DATA(0),
    NOISE(1);

    private final int row;

    Axis(int row) {
      this.row = row;
    }
  }

  /**
   * Parameters beyond count as this: the sum of 256 exponentials of it is finite in single
   * precision, and its reciprocal is not yet subnormal. Subtracting the largest logit instead, as
   * is usual, takes ten times as long; the price is that logits of 90 and 100 are the same.
   */
  static final double LARGEST_LOGIT = 80;

  /** Positions and heights of the K - 1 knots inside, {@code [2, K - 1, M]}. */
  private final NDArray inside;

  private final NDArray all;

  private Knots(NDArray inside, NDArray all) {
    this.inside = inside;
    this.all = all;
  }

  /**
   * The knots of unconstrained parameters (section 3.1, "Implementation").
   *
   * @param parameters {@code [M, P]}: widths, heights and slopes
   */
  static Knots of(Tape tape, NDArray parameters, RationalQuadraticConfig config) {
    int bins = config.bins();
    long m = parameters.getShape().get(0);
    // Flattening a transposed tensor is what makes it contiguous.
    NDArray rows =
        clipped(parameters)
            .transpose()
            .flatten()
            .reshape(new Shape(parameters.getShape().get(1), m));
    NDArray sums =
        rows.get(new NDIndex("0:{}", 2 * bins)).exp().reshape(new Shape(2, bins, m)).cumSum(1);
    NDArray share =
        sums.get(new NDIndex(":, 0:{}", bins - 1))
            .div(sums.get(new NDIndex(":, {}:{}", bins - 1, bins)));
    NDArray inside = share.mul(scale(tape, config)).add(offset(tape, config));
    NDArray slopes =
        Ops.softplus(rows.get(new NDIndex("{}:", 2 * bins))).add(config.minDerivative());
    double b = config.bound();
    NDArray places = Ops.concat(new NDList(fixed(tape, -b, 2, m), inside, fixed(tape, b, 2, m)), 1);
    NDArray all = Ops.concat(new NDList(places, slopes(tape, slopes, config.ends())), 0);
    return new Knots(inside, all);
  }

  /** Unconstrained parameters as they count. */
  static NDArray clipped(NDArray parameters) {
    return parameters.clip(-LARGEST_LOGIT, LARGEST_LOGIT);
  }

  /** What a bin's share of the softmax is worth beyond the floor. */
  private static NDArray scale(Tape tape, RationalQuadraticConfig config) {
    double size = 2 * config.bound();
    int bins = config.bins();
    double[] values = {
      size * (1 - bins * config.minBinWidth()), size * (1 - bins * config.minBinHeight())
    };
    return tape.constant(values, new Shape(2, 1, 1));
  }

  /** Where a knot lies if every bin before it has the least size. */
  private static NDArray offset(Tape tape, RationalQuadraticConfig config) {
    int inner = config.bins() - 1;
    double b = config.bound();
    double[] values = new double[2 * inner];
    for (int k = 0; k < inner; k++) {
      values[k] = 2 * b * config.minBinWidth() * (k + 1) - b;
      values[inner + k] = 2 * b * config.minBinHeight() * (k + 1) - b;
    }
    return tape.constant(values, new Shape(2, inner, 1));
  }

  /** The slopes of all knots, {@code [1, K + 1, M]}. */
  private static NDArray slopes(Tape tape, NDArray free, Ends ends) {
    NDArray own = free.expandDims(0);
    NDArray tail = fixed(tape, 1, 1, free.getShape().get(1));
    return switch (ends) {
      case LINEAR_TAILS -> Ops.concat(new NDList(tail, own, tail), 1);
      case BOUNDED -> own;
      case CIRCULAR -> Ops.concat(new NDList(own, own.get(new NDIndex(":, 0:1"))), 1);
    };
  }

  private static NDArray fixed(Tape tape, double value, int rows, long m) {
    return tape.constant(new double[] {value}, new Shape(1, 1, 1)).broadcast(new Shape(rows, 1, m));
  }

  /**
   * The bin of each of M values, the last one for the upper end.
   *
   * @param value {@code [1, M]}, inside the bound
   */
  Bin find(NDArray value, Axis axis) {
    long m = value.getShape().get(1);
    NDArray left = inside.get(new NDIndex("{}", axis.row)).lte(value).sum(new int[] {0}, true);
    NDArray pair = Ops.concat(new NDList(left, left.add(1)), 0).broadcast(new Shape(3, 2, m));
    return new Bin(all.gather(pair, 1).reshape(new Shape(6, m)));
  }
}
