package org.thalweg.maf;

import ai.djl.ndarray.NDArray;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.transform.Elementwise;
import org.thalweg.api.transform.Univariate;

/** A shift alone, {@code y = x + t}: it keeps volumes (Dinh and others, 2015, NICE, eq. 8). */
final class Additive implements Univariate {
  @Override
  public int parameterCount() {
    return 1;
  }

  @Override
  public double[] identity() {
    return new double[1];
  }

  @Override
  public Elementwise forward(Tape tape, NDArray x, NDArray parameters) {
    return new Elementwise(x.add(parameters.squeeze(2)), x.zerosLike());
  }

  @Override
  public Elementwise inverse(Tape tape, NDArray y, NDArray parameters) {
    return new Elementwise(y.sub(parameters.squeeze(2)), y.zerosLike());
  }
}
