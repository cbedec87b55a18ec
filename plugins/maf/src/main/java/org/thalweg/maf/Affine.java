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
    NDList both = both(parameters);
    NDArray s = logScale(both.get(0));
    return new Elementwise(x.mul(s.exp()).add(both.get(1).squeeze(2)), s);
  }

  @Override
  public Elementwise inverse(Tape tape, NDArray y, NDArray parameters) {
    NDList both = both(parameters);
    NDArray s = logScale(both.get(0)).neg();
    return new Elementwise(y.sub(both.get(1).squeeze(2)).mul(s.exp()), s);
  }

  private NDArray logScale(NDArray unbounded) {
    return unbounded.squeeze(2).div(maxLogScale).tanh().mul(maxLogScale);
  }

  /** Log-scale and shift; the gradient of one split is one concatenation, of slices it is not. */
  private static NDList both(NDArray parameters) {
    return parameters.split(2, 2);
  }
}
