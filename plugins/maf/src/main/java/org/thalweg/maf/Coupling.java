package org.thalweg.maf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
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
  private final int transformed;
  private final Optional<FreeParameters> free;
  private final ResidualNet net;

  Coupling(BuildContext build, NetSize size, Univariate univariate, Parity transformed, Rest rest) {
    this.dimension = Vectors.dimension(build);
    this.contextSize = build.contextSize();
    this.univariate = univariate;
    this.offset = transformed == Parity.EVEN ? 1 : 0;
    this.transformed = (dimension + 1 - offset) / 2;
    int others = dimension - this.transformed;
    this.free =
        rest == Rest.FIXED
            ? Optional.empty()
            : Optional.of(new FreeParameters(build.scope(), others, univariate));
    this.net =
        new ResidualNet(
            build.scope(),
            others,
            contextSize,
            size,
            this.transformed * univariate.parameterCount(),
            Head.near(univariate.identity()));
  }

  @Override
  public ConditionalTransform bind(Binding binding) {
    ResidualNet.Bound bound = net.bind(binding.child("net"));
    Optional<NDArray> ofOthers = free.map(parameters -> parameters.bind(binding));
    NDArray merge = merge(binding.tape());
    return context ->
        new Bound(
            binding.tape(), bound.given(Contexts.rows(context, contextSize)), ofOthers, merge);
  }

  /** Where each column lies among the others, followed by the transformed ones. */
  private NDArray merge(Tape tape) {
    double[] place = new double[dimension];
    for (int i = 0; i < dimension; i++) {
      place[i] = i % 2 == offset ? dimension - transformed + i / 2 : i / 2;
    }
    return tape.constant(place, new Shape(dimension)).toType(DataType.INT64, false);
  }

  private final class Bound extends Transform {
    private final Tape tape;
    private final UnaryOperator<NDArray> conditioner;
    private final Optional<NDArray> ofOthers;
    private final NDArray merge;

    private Bound(
        Tape tape, UnaryOperator<NDArray> conditioner, Optional<NDArray> ofOthers, NDArray merge) {
      super(new Shape(dimension));
      this.tape = tape;
      this.conditioner = conditioner;
      this.ofOthers = ofOthers;
      this.merge = merge;
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
      NDArray changed = every(x, offset);
      NDArray conditioned = parameters(others);
      if (ofOthers.isEmpty()) {
        return join(unchanged(others), univariate.forward(tape, changed, conditioned));
      }
      // Both halves at once: small tensors cost by the operation, not by the element.
      NDArray free = repeated(ofOthers.get(), others);
      Elementwise mapped =
          univariate.forward(
              tape,
              NDArrays.concat(new NDList(others, changed), 1),
              NDArrays.concat(new NDList(free, conditioned), 1));
      return new Mapped(
          Vectors.columns(mapped.value(), merge), mapped.logDerivative().sum(new int[] {1}));
    }

    @Override
    protected Mapped mapInverse(NDArray y) {
      NDArray others = every(y, 1 - offset);
      Elementwise first =
          ofOthers
              .map(p -> univariate.inverse(tape, others, repeated(p, others)))
              .orElseGet(() -> unchanged(others));
      return join(first, univariate.inverse(tape, every(y, offset), parameters(first.value())));
    }

    private NDArray repeated(NDArray parameters, NDArray batch) {
      return new RepeatedRows(parameters).matching(batch.getShape().get(0));
    }

    private NDArray every(NDArray x, int from) {
      return x.get(new NDIndex(":, {}::2", from));
    }

    private NDArray parameters(NDArray others) {
      return conditioner
          .apply(others)
          .reshape(new Shape(others.getShape().get(0), transformed, univariate.parameterCount()));
    }

    private Elementwise unchanged(NDArray x) {
      return new Elementwise(x, x.zerosLike());
    }

    private Mapped join(Elementwise others, Elementwise changed) {
      NDList values = new NDList(others.value(), changed.value());
      int[] columns = {1};
      return new Mapped(
          Vectors.columns(NDArrays.concat(values, 1), merge),
          others.logDerivative().sum(columns).add(changed.logDerivative().sum(columns)));
    }
  }
}
