package org.thalweg.maf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import java.util.Optional;
import org.thalweg.api.transform.Cost;
import org.thalweg.api.transform.Mapped;
import org.thalweg.api.transform.Transform;

/**
 * {@code y = W x + b} with an invertible W whose log-determinant is known.
 *
 * <p>The tensor library has no triangular solve, but a differentiable matrix inverse. The inverse
 * direction uses that, once for each binding, and one step of iterative refinement, which brings
 * the residual down to what rounding allows.
 */
final class MatrixMap extends Transform {
  private final NDArray matrix;
  private final NDArray bias;
  private final NDArray logAbsDet;
  private Optional<NDArray> inverted = Optional.empty();

  /**
   * A map.
   *
   * @param matrix {@code [D, D]}
   * @param bias {@code [D]}
   * @param logAbsDet log |det W|, a scalar
   */
  MatrixMap(NDArray matrix, NDArray bias, NDArray logAbsDet) {
    super(new Shape(bias.size()));
    this.matrix = matrix;
    this.bias = bias;
    this.logAbsDet = logAbsDet;
  }

  @Override
  public Cost forwardCost() {
    return Cost.ONE_PASS;
  }

  @Override
  public Cost inverseCost() {
    return Cost.ONE_PASS;
  }

  @Override
  protected Mapped mapForward(NDArray x) {
    NDArray y = Linear.linear(x, matrix, bias).singletonOrThrow();
    return new Mapped(y, Vectors.zeros(x).add(logAbsDet));
  }

  @Override
  protected Mapped mapInverse(NDArray y) {
    if (inverted.isEmpty()) {
      inverted = Optional.of(matrix.inverse());
    }
    NDArray backward = inverted.orElseThrow().transpose();
    NDArray target = y.sub(bias);
    NDArray x = target.matMul(backward);
    NDArray residual = target.sub(x.matMul(matrix.transpose()));
    return new Mapped(x.add(residual.matMul(backward)), Vectors.zeros(y).sub(logAbsDet));
  }
}
