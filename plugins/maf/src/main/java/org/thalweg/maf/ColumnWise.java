package org.thalweg.maf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Optional;
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
import org.thalweg.toolkit.nn.RepeatedRows;
import org.thalweg.toolkit.nn.ResidualNet;

/**
 * Transforms every column on its own, by parameters that are a function of the context, or free
 * where there is none.
 */
final class ColumnWise implements TrainableTransform {
  private final int dimension;
  private final int contextSize;
  private final Univariate univariate;
  private final Optional<ResidualNet> net;
  private final Optional<FreeParameters> free;

  ColumnWise(BuildContext build, NetSize size, Univariate univariate) {
    this.dimension = Vectors.dimension(build);
    this.contextSize = build.contextSize();
    this.univariate = univariate;
    int outputs = dimension * univariate.parameterCount();
    if (contextSize == 0) {
      net = Optional.empty();
      free = Optional.of(new FreeParameters(build.scope(), dimension, univariate));
    } else {
      Head head = Head.near(univariate.identity());
      net = Optional.of(new ResidualNet(build.scope(), contextSize, 0, size, outputs, head));
      free = Optional.empty();
    }
  }

  @Override
  public ConditionalTransform bind(Binding binding) {
    Tape tape = binding.tape();
    Optional<NDArray> shared = free.map(parameters -> parameters.bind(binding.tape()));
    Optional<ResidualNet.Bound> bound = net.map(n -> n.bind(binding.child("net")));
    return context -> {
      Optional<NDArray> rows = Contexts.rows(context, contextSize);
      NDArray parameters =
          shared.orElseGet(
              () -> bound.orElseThrow().given(Optional.empty()).apply(rows.orElseThrow()));
      return new Bound(tape, parameters.reshape(shape(parameters)));
    };
  }

  private Shape shape(NDArray parameters) {
    int p = univariate.parameterCount();
    return new Shape(parameters.size() / dimension / p, dimension, p);
  }

  private final class Bound extends Transform {
    private final Tape tape;
    private final RepeatedRows parameters;

    private Bound(Tape tape, NDArray parameters) {
      super(new Shape(dimension));
      this.tape = tape;
      this.parameters = new RepeatedRows(parameters);
    }

    @Override
    public Cost forwardCost() {
      return univariate.forwardCost();
    }

    @Override
    public Cost inverseCost() {
      return univariate.inverseCost();
    }

    @Override
    protected Mapped mapForward(NDArray x) {
      return sum(univariate.forward(tape, x, parameters.matching(x.getShape().get(0))));
    }

    @Override
    protected Mapped mapInverse(NDArray y) {
      return sum(univariate.inverse(tape, y, parameters.matching(y.getShape().get(0))));
    }

    private Mapped sum(Elementwise mapped) {
      return new Mapped(mapped.value(), mapped.logDerivative().sum(new int[] {1}));
    }
  }
}
