package org.thalweg.maf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.ParameterScope;
import org.thalweg.api.transform.ConditionalTransform;
import org.thalweg.api.transform.Cost;
import org.thalweg.api.transform.Mapped;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.api.transform.Transform;

/** A fixed reordering of the columns; its Jacobian determinant is 1 or -1. */
final class Permutation implements TrainableTransform {
  private final int dimension;
  private final ColumnOrder order;

  Permutation(ParameterScope scope, int dimension, Order kind) {
    this.dimension = dimension;
    this.order = new ColumnOrder(scope, dimension, kind);
  }

  @Override
  public ConditionalTransform bind(Binding binding) {
    NDArray index = order.bind(binding);
    Transform bound = new Bound(dimension, index, index.argSort());
    return context -> bound;
  }

  private static final class Bound extends Transform {
    private final NDArray order;
    private final NDArray inverse;

    private Bound(int dimension, NDArray order, NDArray inverse) {
      super(new Shape(dimension));
      this.order = order;
      this.inverse = inverse;
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
      return new Mapped(Vectors.columns(x, order), Vectors.zeros(x));
    }

    @Override
    protected Mapped mapInverse(NDArray y) {
      return new Mapped(Vectors.columns(y, inverse), Vectors.zeros(y));
    }
  }
}
