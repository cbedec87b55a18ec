package org.thalweg.splines;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.transform.Elementwise;

/**
 * The piecewise-linear map over K equal bins whose rises are a softmax (Mueller and others, 2019,
 * "Neural importance sampling", section 4.1). Its slope jumps at every bin's edge.
 */
final class LinearSpline implements UnitSpline {
  private final int bins;
  private final double minRise;

  LinearSpline(LinearSplineConfig config) {
    bins = config.bins();
    minRise = config.minBinHeight();
  }

  @Override
  public int parameterCount() {
    return bins;
  }

  @Override
  public double[] identity() {
    return new double[bins];
  }

  @Override
  public Pieces pieces(Tape tape, NDArray parameters) {
    NDArray rises = Shares.of(parameters, minRise);
    NDArray heights = Shares.knots(rises);
    return (value, axis) -> {
      NDArray bin =
          axis == Knots.Axis.DATA
              ? value.stopGradient().mul(bins).floor().clip(0, bins - 1)
              : Shares.bin(heights, value);
      NDArray index = bin.toType(DataType.INT64, false);
      return new Line(
          bin.toType(value.getDataType(), false), heights.gather(index, 0), rises.gather(index, 0));
    };
  }

  private final class Line implements Piece {
    private final NDArray bin;
    private final NDArray bottom;
    private final NDArray rise;

    private Line(NDArray bin, NDArray bottom, NDArray rise) {
      this.bin = bin;
      this.bottom = bottom;
      this.rise = rise;
    }

    @Override
    public Elementwise at(NDArray u) {
      NDArray position = u.mul(bins).sub(bin);
      return new Elementwise(position.mul(rise).add(bottom), rise.mul(bins).log());
    }

    @Override
    public NDArray root(NDArray v) {
      return v.sub(bottom).div(rise).add(bin).div(bins);
    }
  }
}
