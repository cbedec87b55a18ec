package org.thalweg.toolkit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;

/** Functions that the tensor library lacks, or whose own form overflows or is slow. */
public final class Ops {
  private Ops() {}

  /**
   * A number as a scalar beside an array, in its type. One that is written in a formula, as in
   * {@code x.mul(2)}, is copied to a device from the host, which waits for it; this one the device
   * makes itself. In float64 it is copied all the same: the library fills arrays with floats alone.
   */
  public static NDArray number(NDArray beside, double value) {
    return number(beside.getManager(), beside.getDataType(), value);
  }

  /** The same on a manager. */
  public static NDArray number(NDManager manager, DataType type, double value) {
    return type == DataType.FLOAT32
        ? manager.full(new Shape(), (float) value, type)
        : manager.create(value);
  }

  /**
   * Arrays beside each other along an axis; a single one is given back as it is. DJL's own gives a
   * copy of it, through which no gradient passes.
   */
  public static NDArray concat(NDList arrays, int axis) {
    return arrays.size() == 1 ? arrays.get(0) : NDArrays.concat(arrays, axis);
  }

  /** log(1 + exp(x)), finite for every finite x. */
  public static NDArray softplus(NDArray x) {
    return Activation.softPlus(x);
  }

  /** log(1 / (1 + exp(-x))), finite for every finite x. */
  public static NDArray logSigmoid(NDArray x) {
    return softplus(x.neg()).neg();
  }

  /**
   * log sum exp over one axis, which disappears.
   *
   * @param x finite numbers
   * @param axis counted from 0
   */
  public static NDArray logSumExp(NDArray x, int axis) {
    int[] axes = {axis};
    NDArray highest = x.stopGradient().max(axes, true);
    NDArray sum = x.sub(highest).exp().sum(axes, true);
    return sum.log().add(highest).squeeze(axis);
  }

  /**
   * log of the gamma function, with its derivative, for x of at least 1e-3: Stirling's series, to
   * 1e-10, after eight steps of {@code log gamma(x) = log gamma(x + 1) - log x}.
   */
  public static NDArray logGamma(NDArray x) {
    NDArray product = x;
    for (int i = 1; i < 8; i++) {
      product = product.mul(x.add(i));
    }
    NDArray y = x.add(8);
    NDArray r = y.pow(-1);
    NDArray r2 = r.square();
    NDArray series =
        r2.mul(-1.0 / 1680).add(1.0 / 1260).mul(r2).sub(1.0 / 360).mul(r2).add(1.0 / 12).mul(r);
    return y.sub(0.5)
        .mul(y.log())
        .sub(y)
        .add(0.5 * Math.log(2 * Math.PI))
        .add(series)
        .sub(product.log());
  }

  /** exp(x) over its sum along the last axis. */
  public static NDArray softmax(NDArray x) {
    int[] last = {x.getShape().dimension() - 1};
    // The library's softmax over a short last axis takes ten times as long.
    NDArray e = x.sub(x.stopGradient().max(last, true)).exp();
    return e.div(e.sum(last, true));
  }

  /** The logarithm of {@link #softmax}. */
  public static NDArray logSoftmax(NDArray x) {
    int last = x.getShape().dimension() - 1;
    return x.sub(logSumExp(x, last).expandDims(last));
  }
}
