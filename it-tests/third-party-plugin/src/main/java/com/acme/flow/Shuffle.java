package com.acme.flow;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Ints;
import java.util.Collections;
import java.util.Random;
import org.thalweg.api.density.Binding;
import org.thalweg.api.transform.ConditionalTransform;
import org.thalweg.api.transform.Cost;
import org.thalweg.api.transform.Mapped;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.api.transform.Transform;

/** Puts the elements of an event into another, fixed order; the same for every context. */
final class Shuffle implements TrainableTransform {
  private final ImmutableList<Integer> order;

  /** The order that a seed gives. */
  Shuffle(int size, long seed) {
    int[] indices = new int[size];
    for (int i = 0; i < size; i++) {
      indices[i] = i;
    }
    Collections.shuffle(Ints.asList(indices), new Random(seed));
    order = ImmutableList.copyOf(Ints.asList(indices));
  }

  @Override
  public ConditionalTransform bind(Binding binding) {
    int size = order.size();
    double[] matrix = new double[size * size];
    for (int to = 0; to < size; to++) {
      matrix[order.get(to) * size + to] = 1;
    }
    Transform bound = new Bound(binding.tape().constant(matrix, new Shape(size, size)));
    return context -> bound;
  }

  private static final class Bound extends Transform {
    private final NDArray permutation;

    Bound(NDArray permutation) {
      super(permutation.getShape().slice(1));
      this.permutation = permutation;
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
      return mapped(x.matMul(permutation));
    }

    @Override
    protected Mapped mapInverse(NDArray y) {
      return mapped(y.matMul(permutation.transpose()));
    }

    private static Mapped mapped(NDArray value) {
      return new Mapped(value, value.sum(new int[] {1}).zerosLike());
    }
  }
}
