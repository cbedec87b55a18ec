package org.thalweg.maf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import java.util.Optional;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Initializer;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.density.ParameterScope;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.transform.ConditionalTransform;
import org.thalweg.api.transform.Cost;
import org.thalweg.api.transform.Mapped;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.api.transform.Transform;
import org.thalweg.toolkit.nn.Constant;
import org.thalweg.toolkit.nn.Ops;

/**
 * {@code y = L U P x + b}, with a fixed permutation P, a unit lower triangular L and an upper
 * triangular U with a positive diagonal (Kingma and Dhariwal, 2018, eq. 10; Durkan and others,
 * 2019, section 5). The log-determinant is the sum of the logarithms of U's diagonal. L U starts as
 * the identity. Both factors lie in one matrix, U's diagonal in place of L's ones, before a
 * softplus and a floor.
 *
 * <p>The tensor library has no triangular solve, but a differentiable matrix inverse. The inverse
 * direction uses that, once for each binding, and one step of iterative refinement, which brings
 * the residual down to what rounding allows.
 */
final class LuLinear implements TrainableTransform {
  /** Keeps the matrix invertible. */
  private static final double SMALLEST_DIAGONAL = 1e-3;

  private final int dimension;
  private final ColumnOrder order;
  private final Constant identity;
  private final Constant below;
  private final Constant above;
  private final Parameter factors;
  private final Parameter bias;

  LuLinear(ParameterScope scope, int dimension, Order kind) {
    this.dimension = dimension;
    order = new ColumnOrder(scope, dimension, kind);
    identity = Constant.mask(dimension, dimension, (i, j) -> i == j);
    below = Constant.mask(dimension, dimension, (i, j) -> i > j);
    above = Constant.mask(dimension, dimension, (i, j) -> i < j);
    factors = scope.parameter("factors", new Shape(dimension, dimension), identity(dimension));
    bias = scope.parameter("bias", new Shape(dimension), Initializer.ZEROS);
  }

  private static Initializer identity(int dimension) {
    double one = Math.log(Math.expm1(1 - SMALLEST_DIAGONAL));
    return (size, random) -> {
      double[] out = new double[size];
      for (int i = 0; i < dimension; i++) {
        out[i * (dimension + 1)] = one;
      }
      return out;
    };
  }

  @Override
  public ConditionalTransform bind(Binding binding) {
    Tape tape = binding.tape();
    NDArray packed = tape.parameter(factors);
    NDArray one = identity.on(tape);
    NDArray diagonal = Ops.softplus(packed.mul(one).sum(new int[] {1})).add(SMALLEST_DIAGONAL);
    NDArray l = packed.mul(below.on(tape)).add(one);
    NDArray u = packed.mul(above.on(tape)).add(one.mul(diagonal));
    // Permuting the matrix once is cheaper than permuting every batch.
    NDArray matrix = l.matMul(u).matMul(order.matrix(binding));
    Transform bound = new Bound(dimension, matrix, tape.parameter(bias), diagonal.log().sum());
    return context -> bound;
  }

  private static final class Bound extends Transform {
    private final NDArray matrix;
    private final NDArray bias;
    private final NDArray logAbsDet;
    private Optional<NDArray> inverted = Optional.empty();

    private Bound(int dimension, NDArray matrix, NDArray bias, NDArray logAbsDet) {
      super(new Shape(dimension));
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
}
