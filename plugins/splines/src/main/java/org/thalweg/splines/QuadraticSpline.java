package org.thalweg.splines;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.transform.Elementwise;
import org.thalweg.toolkit.nn.Ops;

/**
 * The piecewise-quadratic map: its slope v is piecewise linear, and its bins' widths a softmax
 * (Mueller and others, 2019, "Neural importance sampling", section 4.2). With linear tails the
 * slope is 1 at both ends (Durkan and others, 2019, section 5.1, "Q-NSF").
 */
final class QuadraticSpline implements UnitSpline {
  private final int bins;
  private final Ends ends;
  private final double minWidth;
  private final double minSlope;

  QuadraticSpline(SplineConfig config) {
    bins = config.bins();
    ends = config.ends();
    minWidth = config.minBinWidth();
    minSlope = config.minBinHeight();
  }

  @Override
  public int parameterCount() {
    return bins + ends.slopes(bins);
  }

  @Override
  public double[] identity() {
    return new double[parameterCount()];
  }

  @Override
  public Pieces pieces(Tape tape, NDArray parameters) {
    NDArray widths = Shares.of(parameters.get(new NDIndex("0:{}", bins)), minWidth);
    NDArray slopes = slopes(widths, parameters.get(new NDIndex("{}:", bins)));
    NDArray first = slopes.get(new NDIndex("0:{}", bins));
    NDArray mean = first.add(slopes.get(new NDIndex("1:"))).div(2);
    NDArray places = Shares.knots(widths);
    NDArray heights = Shares.knots(widths.mul(mean));
    return (value, axis) -> {
      NDArray bin = Shares.bin(axis == Knots.Axis.DATA ? places : heights, value);
      return new Parabola(
          places.gather(bin, 0),
          widths.gather(bin, 0),
          heights.gather(bin, 0),
          slopes.gather(bin, 0),
          slopes.gather(bin.add(1), 0));
    };
  }

  /** The slopes at all knots: positive, and such that the map ends at 1. */
  private NDArray slopes(NDArray widths, NDArray free) {
    // Only ratios count; the largest is 1.
    NDArray e = free.sub(free.stopGradient().max(new int[] {0}, true)).exp();
    NDArray all = ends == Ends.LINEAR_TAILS ? withEnds(widths, e) : e;
    NDArray normalised = all.div(area(widths, all));
    NDArray inside = normalised.mul(1 - minSlope).add(minSlope);
    if (ends == Ends.BOUNDED) {
      return inside;
    }
    NDArray one = inside.get(new NDIndex("0:1")).onesLike();
    return Ops.concat(new NDList(one, inside.get(new NDIndex("1:{}", bins)), one), 0);
  }

  /**
   * Both ends as high as the area will be, so that dividing by it gives 1:
   *
   * <pre>c (1 - w_0 / 2 - w_{K-1} / 2) = the area under the inner slopes alone</pre>
   */
  private NDArray withEnds(NDArray widths, NDArray inner) {
    NDArray zero = inner.get(new NDIndex("0:1")).zerosLike();
    NDArray rest = area(widths, Ops.concat(new NDList(zero, inner, zero), 0));
    NDArray outer = widths.get(new NDIndex("0:1")).add(widths.get(new NDIndex("{}:", bins - 1)));
    NDArray end = rest.div(outer.div(-2).add(1));
    return Ops.concat(new NDList(end, inner, end), 0);
  }

  /** The area under a piecewise-linear function, {@code [1, M]}. */
  private NDArray area(NDArray widths, NDArray heights) {
    NDArray left = heights.get(new NDIndex("0:{}", bins));
    NDArray right = heights.get(new NDIndex("1:"));
    return left.add(right).mul(widths).sum(new int[] {0}, true).div(2);
  }

  /**
   * {@code y = y_k + w (v_k a + (v_{k+1} - v_k) a^2 / 2)} with the relative position a.
   *
   * @param left x_k
   * @param bottom y_k
   * @param before v_k
   * @param after v_{k+1}
   */
  private record Parabola(
      NDArray left, NDArray width, NDArray bottom, NDArray before, NDArray after) implements Piece {
    @Override
    public Elementwise at(NDArray u) {
      NDArray a = u.sub(left).div(width).clip(0, 1);
      NDArray bend = after.sub(before).mul(a);
      NDArray value = bend.div(2).add(before).mul(a).mul(width).add(bottom);
      return new Elementwise(value, before.add(bend).log());
    }

    /** The form of the root that does not cancel; rounding may make the square negative. */
    @Override
    public NDArray root(NDArray v) {
      NDArray r = v.sub(bottom).div(width).maximum(0);
      NDArray square = before.square().add(after.sub(before).mul(r).mul(2)).maximum(0);
      NDArray a = r.mul(2).div(before.add(square.sqrt()));
      return a.clip(0, 1).mul(width).add(left);
    }
  }
}
