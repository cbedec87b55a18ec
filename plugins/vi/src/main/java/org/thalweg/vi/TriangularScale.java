package org.thalweg.vi;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Initializer;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.density.ParameterScope;
import org.thalweg.api.transform.ConditionalTransform;
import org.thalweg.api.transform.Cost;
import org.thalweg.api.transform.Mapped;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.api.transform.Transform;
import org.thalweg.toolkit.nn.Ops;

/**
 * {@code u = z + L z} with L strictly lower triangular: between noise and a {@link LocationScale}
 * it makes the full-rank normal family (Kucukelbir and others, 2017, section 2.4).
 */
final class TriangularScale implements TrainableTransform {
  private final int dimension;
  private final Parameter lower;

  TriangularScale(ParameterScope scope, int dimension) {
    this.dimension = dimension;
    lower = scope.parameter("lower", new Shape(dimension, dimension), Initializer.ZEROS);
  }

  @Override
  public ConditionalTransform bind(Binding binding) {
    double[] below = new double[dimension * dimension];
    for (int i = 0; i < dimension; i++) {
      for (int j = 0; j < i; j++) {
        below[i * dimension + j] = 1;
      }
    }
    NDArray mask = binding.tape().constant(below, new Shape(dimension, dimension));
    Transform bound = new Bound(binding.tape().parameter(lower).mul(mask));
    return context -> bound;
  }

  private final class Bound extends Transform {
    private final NDArray factor;

    private Bound(NDArray factor) {
      super(new Shape(dimension));
      this.factor = factor;
    }

    @Override
    public Cost forwardCost() {
      return Cost.ONE_PASS;
    }

    @Override
    public Cost inverseCost() {
      return Cost.ONE_PASS;
    }

    /** By substitution, one column after another. */
    @Override
    protected Mapped mapForward(NDArray u) {
      NDArray left = u;
      NDList columns = new NDList();
      for (int j = 0; j < dimension; j++) {
        NDArray z = left.get(":, 0:1");
        columns.add(z);
        if (j + 1 < dimension) {
          NDArray weights = factor.get("%d:, %d".formatted(j + 1, j)).expandDims(0);
          left = left.get(":, 1:").sub(z.mul(weights));
        }
      }
      return new Mapped(Ops.concat(columns, 1), nothing(u));
    }

    @Override
    protected Mapped mapInverse(NDArray z) {
      return new Mapped(z.add(z.matMul(factor.transpose())), nothing(z));
    }

    private NDArray nothing(NDArray like) {
      return like.sum(new int[] {1}).zerosLike();
    }
  }
}
