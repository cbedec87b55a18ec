package org.thalweg.toolkit.flow;

import ai.djl.ndarray.NDArray;
import org.thalweg.api.transform.Elementwise;
import org.thalweg.api.transform.Support;
import org.thalweg.toolkit.nn.Ops;

/** {@code x = log(1 + exp(y))}. */
record Softplus() implements Curve {
  @Override
  public Support domain() {
    return new Support.Above(0);
  }

  @Override
  public Elementwise toLine(NDArray x) {
    NDArray positive = x.maximum(Math.exp(-Exponential.FAR));
    // 1 - exp(-x) = 2 t / (1 + t) with t = tanh(x / 2), which does not cancel.
    NDArray t = positive.div(2).tanh();
    NDArray logRest = t.mul(2).div(t.add(1)).log();
    return new Elementwise(positive.add(logRest), logRest.neg());
  }

  @Override
  public Elementwise fromLine(NDArray y) {
    NDArray within = y.maximum(-Exponential.FAR);
    return new Elementwise(Ops.softplus(within), Ops.logSigmoid(within));
  }
}
