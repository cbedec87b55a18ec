package org.thalweg.splines;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.transform.Elementwise;
import org.thalweg.toolkit.nn.Ops;

/**
 * The monotone piecewise-cubic map whose bins' widths and heights are a softmax (Durkan and others,
 * 2019, "Cubic-spline flows", section 2). The slopes at the inner knots follow from the bins beside
 * them (Steffen, 1990, eq. 11):
 *
 * <pre>d_k = min(2 s_{k-1}, 2 s_k, (s_{k-1} w_k + s_k w_{k-1}) / (w_{k-1} + w_k))</pre>
 *
 * <p>At an end any slope up to 3 s keeps the map increasing. On a bounded interval it is that times
 * a sigmoid; with linear tails it is theirs, 1, or 3 s where the outermost bin is too flat for 1.
 */
final class CubicSpline implements UnitSpline {
  private static final double MIN_SHARE = 1e-3;

  private final int bins;
  private final Ends ends;
  private final double minWidth;
  private final double minHeight;

  CubicSpline(SplineConfig config) {
    bins = config.bins();
    ends = config.ends();
    minWidth = config.minBinWidth();
    minHeight = config.minBinHeight();
  }

  @Override
  public int parameterCount() {
    return 2 * bins + (ends == Ends.BOUNDED ? 2 : 0);
  }

  @Override
  public double[] identity() {
    double[] out = new double[parameterCount()];
    double share = (1.0 / 3 - MIN_SHARE) / (1 - MIN_SHARE);
    for (int i = 2 * bins; i < out.length; i++) {
      out[i] = Math.log(share / (1 - share));
    }
    return out;
  }

  @Override
  public Pieces pieces(Tape tape, NDArray parameters) {
    NDArray widths = Shares.of(parameters.get(new NDIndex("0:{}", bins)), minWidth);
    NDArray heights = Shares.of(parameters.get(new NDIndex("{}:{}", bins, 2 * bins)), minHeight);
    NDArray means = heights.div(widths);
    NDArray slopes = slopes(widths, means, parameters.get(new NDIndex("{}:", 2 * bins)));
    NDArray places = Shares.knots(widths);
    NDArray levels = Shares.knots(heights);
    return (value, axis) -> {
      NDArray bin = Shares.bin(axis == Knots.Axis.DATA ? places : levels, value);
      NDArray mean = means.gather(bin, 0);
      return new Cubic(
          places.gather(bin, 0),
          widths.gather(bin, 0),
          levels.gather(bin, 0),
          heights.gather(bin, 0),
          mean,
          slopes.gather(bin, 0).div(mean),
          slopes.gather(bin.add(1), 0).div(mean));
    };
  }

  private NDArray slopes(NDArray widths, NDArray means, NDArray free) {
    NDArray beforeS = means.get(new NDIndex("0:{}", bins - 1));
    NDArray afterS = means.get(new NDIndex("1:"));
    NDArray beforeW = widths.get(new NDIndex("0:{}", bins - 1));
    NDArray afterW = widths.get(new NDIndex("1:"));
    NDArray parabola = beforeS.mul(afterW).add(afterS.mul(beforeW)).div(beforeW.add(afterW));
    NDArray inner = beforeS.minimum(afterS).mul(2).minimum(parabola);
    NDArray most =
        Ops.concat(
                new NDList(means.get(new NDIndex("0:1")), means.get(new NDIndex("{}:", bins - 1))),
                0)
            .mul(3);
    NDArray outer =
        ends == Ends.BOUNDED
            ? Ops.logSigmoid(free).exp().mul(1 - MIN_SHARE).add(MIN_SHARE).mul(most)
            : most.minimum(1);
    return Ops.concat(
        new NDList(outer.get(new NDIndex("0:1")), inner, outer.get(new NDIndex("1:"))), 0);
  }

  /**
   * With the relative position a, and the slopes p and q at its ends relative to the mean slope s:
   *
   * <pre>
   * y     = y_k + h (a^2 (3 - 2 a) + a (1 - a) (p (1 - a) - q a))
   * dy/dx = s (p (1 - a)^2 + 2 (3 - p - q) a (1 - a) + q a^2)
   * </pre>
   *
   * @param left x_k
   * @param bottom y_k
   */
  private record Cubic(
      NDArray left,
      NDArray width,
      NDArray bottom,
      NDArray height,
      NDArray mean,
      NDArray before,
      NDArray after)
      implements Piece {
    @Override
    public Elementwise at(NDArray u) {
      NDArray a = u.sub(left).div(width).clip(0, 1);
      return new Elementwise(
          CubicRoot.value(a, before, after).mul(height).add(bottom),
          CubicRoot.slope(a, before, after).log().add(mean.log()));
    }

    @Override
    public NDArray root(NDArray v) {
      NDArray r = v.sub(bottom).div(height).clip(0, 1);
      return CubicRoot.of(r, before, after).mul(width).add(left);
    }
  }
}
