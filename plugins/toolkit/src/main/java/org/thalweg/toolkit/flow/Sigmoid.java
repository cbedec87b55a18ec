package org.thalweg.toolkit.flow;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import org.thalweg.api.transform.Elementwise;
import org.thalweg.api.transform.Support;
import org.thalweg.toolkit.nn.Ops;

/** {@code x = low + (high - low) / (1 + exp(-y))}. */
record Sigmoid(Support.Interval domain) implements Curve {
  @Override
  public Elementwise toLine(NDArray x) {
    // In single precision the sigmoid is 1 from 17 on: the ends count as the last number before.
    double edge = x.getDataType() == DataType.FLOAT64 ? 0x1p-53 : 0x1p-24;
    NDArray share = x.sub(domain.low()).div(width()).clip(edge, 1 - edge);
    NDArray logShare = share.log();
    NDArray logRest = share.neg().add(1).log();
    return new Elementwise(
        logShare.sub(logRest), logShare.add(logRest).neg().sub(Math.log(width())));
  }

  @Override
  public Elementwise fromLine(NDArray y) {
    NDArray logShare = Ops.logSigmoid(y);
    NDArray value = logShare.exp().mul(width()).add(domain.low());
    return new Elementwise(value, logShare.add(Ops.logSigmoid(y.neg())).add(Math.log(width())));
  }

  private double width() {
    return domain.high() - domain.low();
  }
}
