package org.thalweg.maf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import org.thalweg.api.density.Binding;
import org.thalweg.api.transform.ConditionalTransform;
import org.thalweg.api.transform.Cost;
import org.thalweg.api.transform.Mapped;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.api.transform.Transform;
import org.thalweg.toolkit.nn.Ops;

/**
 * A transform of the first numbers of an event; the others go to the noise as they are. This is how
 * channels are factored out of a multi-scale flow (Dinh and others, 2017, section 3.6).
 */
final class Leading implements TrainableTransform {
  private final TrainableTransform inner;
  private final int leading;
  private final int dimension;

  Leading(TrainableTransform inner, int leading, int dimension) {
    this.inner = inner;
    this.leading = leading;
    this.dimension = dimension;
  }

  @Override
  public ConditionalTransform bind(Binding binding) {
    ConditionalTransform bound = inner.bind(binding);
    return context -> new Bound(bound.given(context));
  }

  private final class Bound extends Transform {
    private final Transform ofLeading;

    private Bound(Transform ofLeading) {
      super(new Shape(dimension));
      this.ofLeading = ofLeading;
    }

    @Override
    public Cost forwardCost() {
      return ofLeading.forwardCost();
    }

    @Override
    public Cost inverseCost() {
      return ofLeading.inverseCost();
    }

    @Override
    protected Mapped mapForward(NDArray x) {
      return join(ofLeading.forward(first(x)), x);
    }

    @Override
    protected Mapped mapInverse(NDArray y) {
      return join(ofLeading.inverse(first(y)), y);
    }

    private NDArray first(NDArray x) {
      return x.get(new NDIndex(":, :{}", leading));
    }

    private Mapped join(Mapped mapped, NDArray x) {
      NDArray rest = x.get(new NDIndex(":, {}:", leading));
      return new Mapped(Ops.concat(new NDList(mapped.value(), rest), 1), mapped.logAbsDet());
    }
  }
}
