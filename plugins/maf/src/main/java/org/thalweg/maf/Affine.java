package org.thalweg.maf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
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
  private static final int LOG_SCALE = 0;
  private static final int SHIFT = 1;

  private final double maxLogScale;

  Affine(AffineConfig config) {
    this.maxLogScale = config.maxLogScale();
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
    NDArray s = logScale(parameters);
    return new Elementwise(x.mul(s.exp()).add(column(parameters, SHIFT)), s);
  }

  @Override
  public Elementwise inverse(Tape tape, NDArray y, NDArray parameters) {
    NDArray s = logScale(parameters).neg();
    return new Elementwise(y.sub(column(parameters, SHIFT)).mul(s.exp()), s);
  }

  private NDArray logScale(NDArray parameters) {
    return column(parameters, LOG_SCALE).div(maxLogScale).tanh().mul(maxLogScale);
  }

  private static NDArray column(NDArray parameters, int index) {
    return parameters.get(new NDIndex(":, :, {}", index));
  }
}
