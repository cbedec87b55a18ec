package org.thalweg.toolkit.train;

import ai.djl.ndarray.NDArray;
import java.nio.ByteOrder;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.engine.Tape;

/** The square of one weight, which becomes NaN at some epoch. */
record Poisoned(Parameter weight, int from) implements Objective {
  @Override
  public int trainingRows() {
    return 10;
  }

  @Override
  public int validationRows() {
    return 10;
  }

  @Override
  public NDArray loss(Tape tape, Share share) {
    NDArray square = tape.parameter(weight).square().sum();
    return share.epoch() < from ? square : square.mul(Double.NaN);
  }

  @Override
  public double validate(Workers workers) {
    double w = weight.storage().host().order(ByteOrder.nativeOrder()).getFloat(0);
    return -w * w;
  }
}
