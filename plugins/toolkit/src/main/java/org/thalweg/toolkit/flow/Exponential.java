package org.thalweg.toolkit.flow;

import ai.djl.ndarray.NDArray;
import org.thalweg.api.transform.Elementwise;
import org.thalweg.api.transform.Support;

/** {@code x = exp(y)}. */
record Exponential() implements Curve {
  /** Beyond it y counts as this, so that x is neither 0 nor infinite in single precision. */
  static final double FAR = 80;

  @Override
  public Support domain() {
    return new Support.Above(0);
  }

  @Override
  public Elementwise toLine(NDArray x) {
    NDArray y = x.clip(Math.exp(-FAR), Math.exp(FAR)).log();
    return new Elementwise(y, y.neg());
  }

  @Override
  public Elementwise fromLine(NDArray y) {
    NDArray within = y.clip(-FAR, FAR);
    return new Elementwise(within.exp(), within);
  }
}
