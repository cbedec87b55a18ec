package org.thalweg.maf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Optional;
import java.util.function.UnaryOperator;
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
import org.thalweg.maf.CouplingConfig.Parity;
import org.thalweg.maf.CouplingConfig.Rest;
import org.thalweg.toolkit.nn.Contexts;
import org.thalweg.toolkit.nn.Head;
import org.thalweg.toolkit.nn.NetSize;
import org.thalweg.toolkit.nn.RepeatedRows;
import org.thalweg.toolkit.nn.ResidualNet;

/**
 * Transforms every second column by a univariate map whose parameters are a function of the other
 * columns and the context; the others stay, or are transformed with free parameters (Durkan and
 * others, 2019, eqs. 9 to 11). The net sees the others as they are on the data side. A fresh
 * transform is near the identity.
 */
final class Coupling implements TrainableTransform {
  private final int dimension;
  private final int contextSize;
  private final Univariate univariate;
  private final int offset;
  private final Optional<FreeParameters> free;
  private final ResidualNet net;
  private final Interleaved columns;
  private final Interleaved parameterColumns;

  Coupling(BuildContext build, NetSize size, Univariate univariate, Parity transformed, Rest rest) {
    this.dimension = Vectors.dimension(build);
    this.contextSize = build.contextSize();
    this.univariate = univariate;
    this.offset = transformed == Parity.EVEN ? 1 : 0;
    int ofNet = (dimension + 1 - offset) / 2;
    int others = dimension - ofNet;
    this.free =
        rest == Rest.FIXED
            ? Optional.empty()
            : Optional.of(new FreeParameters(build.scope(), others, univariate));
    this.columns = new Interleaved(dimension, offset, true, false);
    this.parameterColumns = new Interleaved(dimension, offset, false, true);
    this.net =
        new ResidualNet(
            build.scope(),
            others,
            contextSize,
            size,
            new Shape(ofNet, univariate.parameterCount()),
            Head.near(univariate.identity()));
  }

  @Override
  public ConditionalTransform bind(Binding binding) {
    ResidualNet.Bound bound = net.bind(binding.child("net"));
    return context -> new Bound(binding.tape(), bound.given(Contexts.rows(context, contextSize)));
  }

  private final class Bound extends Transform {
    private final Tape tape;
    private final UnaryOperator<NDArray> conditioner;

    private Bound(Tape tape, UnaryOperator<NDArray> conditioner) {
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
      return univariate.inverseCost();
    }

    @Override
    protected Mapped mapForward(NDArray x) {
      NDArray others = every(x, 1 - offset);
      NDArray conditioned = parameters(others);
      if (free.isEmpty()) {
        return join(others, univariate.forward(tape, every(x, offset), conditioned));
      }
      // All columns at once: small tensors cost by the operation, not by the element.
      NDArray all = tape.apply(parameterColumns, free.get().argument(tape), conditioned).get(0);
      return sum(univariate.forward(tape, x, all));
    }

    @Override
    protected Mapped mapInverse(NDArray y) {
      NDArray others = every(y, 1 - offset);
      if (free.isEmpty()) {
        return join(others, univariate.inverse(tape, every(y, offset), parameters(others)));
      }
      NDArray shared = new RepeatedRows(free.get().bind(tape)).matching(others.getShape().get(0));
      Elementwise first = univariate.inverse(tape, others, shared);
      NDArray conditioned = parameters(first.value());
      Elementwise second = univariate.inverse(tape, every(y, offset), conditioned);
      return sum(
          new Elementwise(
              tape.apply(columns, first.value(), second.value()).get(0),
              tape.apply(columns, first.logDerivative(), second.logDerivative()).get(0)));
    }

    private NDArray every(NDArray x, int from) {
      return EveryOther.of(tape, x, from);
    }

    private NDArray parameters(NDArray others) {
      return conditioner.apply(others);
    }

    private Mapped join(NDArray others, Elementwise changed) {
      Mapped mapped = sum(changed);
      return new Mapped(tape.apply(columns, others, mapped.value()).get(0), mapped.logAbsDet());
    }

    private static Mapped sum(Elementwise mapped) {
      return new Mapped(mapped.value(), mapped.logDerivative().sum(new int[] {1}));
    }
  }
}
