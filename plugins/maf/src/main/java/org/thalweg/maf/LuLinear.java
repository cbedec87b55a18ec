package org.thalweg.maf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
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

/**
 * {@code y = L U P x + b}, with a fixed permutation P, a unit lower triangular L and an upper
 * triangular U with a positive diagonal (Kingma and Dhariwal, 2018, eq. 10; Durkan and others,
 * 2019, section 5). The log-determinant is the sum of the logarithms of U's diagonal. L U starts as
 * the identity. Both factors lie in one matrix, U's diagonal in place of L's ones, before a
 * softplus and a floor.
 */
final class LuLinear implements TrainableTransform {
  /** Keeps the matrix invertible. */
  private static final double SMALLEST_DIAGONAL = 1e-3;

  private static final LuOperation FORWARD = new LuOperation(SMALLEST_DIAGONAL, false);
  private static final LuOperation INVERSE = new LuOperation(SMALLEST_DIAGONAL, true);

  private final ColumnOrder order;
  private final Constant identity;
  private final Constant below;
  private final Constant above;
  private final Parameter factors;
  private final Parameter bias;

  LuLinear(ParameterScope scope, int dimension, Order kind) {
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
    Transform bound = new Bound(binding.tape());
    return context -> bound;
  }

  private final class Bound extends Transform {
    private final Tape tape;

    private Bound(Tape tape) {
      super(bias.shape());
      this.tape = tape;
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
      return apply(FORWARD, x);
    }

    @Override
    protected Mapped mapInverse(NDArray y) {
      return apply(INVERSE, y);
    }

    private Mapped apply(LuOperation operation, NDArray batch) {
      NDList mapped =
          tape.apply(
              operation,
              batch,
              tape.argument(factors),
              tape.argument(bias),
              below.lasting(tape.engine()),
              above.lasting(tape.engine()),
              identity.lasting(tape.engine()),
              order.raw(tape));
      return new Mapped(mapped.get(0), mapped.get(1));
    }
  }
}
