package org.thalweg.maf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.BuildContext;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.transform.ConditionalTransform;
import org.thalweg.api.transform.Cost;
import org.thalweg.api.transform.Elementwise;
import org.thalweg.api.transform.Mapped;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.api.transform.Transform;
import org.thalweg.api.transform.Univariate;
import org.thalweg.toolkit.nn.Contexts;
import org.thalweg.toolkit.nn.Head;
import org.thalweg.toolkit.nn.NetSize;
import org.thalweg.toolkit.nn.Ops;
import org.thalweg.toolkit.nn.ResMade;
import org.thalweg.toolkit.nn.Walk;

/**
 * Transforms every column by a univariate map whose parameters are a function of the columns before
 * it: {@code y_d = g(x_d; theta_d(x_1, ..., x_{d-1}, c))} (Papamakarios and others, 2017, section
 * 3.1; Durkan and others, 2019, section 2.1). The net reads the data side: the forward direction
 * takes one pass, the inverse one pass for each column. A fresh transform is near the identity.
 */
final class Autoregressive implements TrainableTransform {
  private final int dimension;
  private final int contextSize;
  private final Univariate univariate;
  private final ResMade net;

  Autoregressive(BuildContext build, NetSize size, Univariate univariate) {
    this.dimension = Vectors.dimension(build);
    this.contextSize = build.contextSize();
    this.univariate = univariate;
    int hidden = Math.max(size.hidden(), ResMade.narrowest(dimension, contextSize));
    this.net =
        new ResMade(
            build.scope(),
            dimension,
            contextSize,
            new NetSize(hidden, size.blocks(), size.dropout()),
            univariate.parameterCount(),
            Head.near(univariate.identity()));
  }

  @Override
  public ConditionalTransform bind(Binding binding) {
    ResMade.Bound bound = net.bind(binding.child("net"));
    return context -> new Bound(binding.tape(), bound.given(Contexts.rows(context, contextSize)));
  }

  private final class Bound extends Transform {
    private final Tape tape;
    private final ResMade.Conditioned conditioner;

    private Bound(Tape tape, ResMade.Conditioned conditioner) {
      super(new Shape(dimension));
      this.tape = tape;
      this.conditioner = conditioner;
    }

    @Override
    public Cost forwardCost() {
      return univariate.forwardCost();
    }

    @Override
    public Cost inverseCost() {
      return Cost.SEQUENTIAL.and(univariate.inverseCost());
    }

    @Override
    protected Mapped mapForward(NDArray x) {
      Elementwise mapped = univariate.forward(tape, x, conditioner.apply(x));
      return new Mapped(mapped.value(), mapped.logDerivative().sum(new int[] {1}));
    }

    @Override
    protected Mapped mapInverse(NDArray y) {
      long rows = y.getShape().get(0);
      Walk walk = conditioner.walk(rows);
      NDList values = new NDList();
      NDArray logAbsDet = Vectors.zeros(y);
      for (int d = 0; d < dimension; d++) {
        NDArray parameters = walk.outputs().expandDims(1);
        Elementwise mapped =
            univariate.inverse(tape, y.get(new NDIndex(":, {}:{}", d, d + 1)), parameters);
        values.add(mapped.value());
        logAbsDet = logAbsDet.add(mapped.logDerivative().squeeze(1));
        walk.accept(mapped.value());
      }
      return new Mapped(Ops.concat(values, 1), logAbsDet);
    }
  }
}
