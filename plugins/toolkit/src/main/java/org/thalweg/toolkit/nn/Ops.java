package org.thalweg.toolkit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;

/** Functions that the tensor library lacks, or whose own form overflows or is slow. */
public final class Ops {
  private Ops() {}

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
