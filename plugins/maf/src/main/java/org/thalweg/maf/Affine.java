package org.thalweg.maf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.transform.Elementwise;
import org.thalweg.api.transform.Univariate;

/**
 * Scale and shift, {@code y = x exp(s) + t} (Dinh and others, 2017, eq. 8; Papamakarios and others,
 * 2017, eq. 4). So that no density overflows, the logarithm of the scale is bounded smoothly:
 *
 * <pre>s = m tanh(a / m)</pre>
 *
 * with the unconstrained parameter a, which s follows closely while |a| is well below m.
 */
final class Affine implements Univariate {
  private final AffineOperation forward;
  private final AffineOperation inverse;

  Affine(AffineConfig config) {
    forward = new AffineOperation(config.maxLogScale(), false);
    inverse = new AffineOperation(config.maxLogScale(), true);
  }

  @Override
  public int parameterCount() {
    return 2;
  }

  @Override
  public double[] identity() {
    return new double[2];
  }

  @Override
  public Elementwise forward(Tape tape, NDArray x, NDArray parameters) {
    return apply(tape, forward, x, parameters);
  }

  @Override
  public Elementwise inverse(Tape tape, NDArray y, NDArray parameters) {
    return apply(tape, inverse, y, parameters);
  }

  private static Elementwise apply(
      Tape tape, AffineOperation operation, NDArray argument, NDArray parameters) {
    NDList mapped = tape.apply(operation, argument, parameters);
    return new Elementwise(mapped.get(0), mapped.get(1));
  }
}
