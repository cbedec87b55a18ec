package org.thalweg.toolkit.flow;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.stream.IntStream;
import org.thalweg.api.density.Binding;
import org.thalweg.api.transform.ConditionalTransform;
import org.thalweg.api.transform.Cost;
import org.thalweg.api.transform.Elementwise;
import org.thalweg.api.transform.Mapped;
import org.thalweg.api.transform.Support;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.api.transform.Transform;

/**
 * A fixed increasing map of each number from a set onto the line: what gives a density over the
 * line a constrained support (Kucukelbir and others, 2017, "Automatic differentiation variational
 * inference", section 2.3). It is named after its inverse, from the line to the set.
 */
public final class Bijection implements TrainableTransform {
  private final Shape eventShape;
  private final Curve curve;

  private Bijection(Shape eventShape, Curve curve) {
    this.eventShape = eventShape;
    this.curve = curve;
  }

  /** Numbers above 0, {@code x = exp(y)}. */
  public static Bijection exponential(Shape eventShape) {
    return new Bijection(eventShape, new Exponential());
  }

  /** Numbers above 0, {@code x = log(1 + exp(y))}, which is close to y where y is large. */
  public static Bijection softplus(Shape eventShape) {
    return new Bijection(eventShape, new Softplus());
  }

  /** Numbers between two bounds, {@code x = low + (high - low) / (1 + exp(-y))}. */
  public static Bijection sigmoid(Shape eventShape, Support.Interval interval) {
    return new Bijection(eventShape, new Sigmoid(interval));
  }

  @Override
  public ConditionalTransform bind(Binding binding) {
    Transform bound = new Bound();
    return context -> bound;
  }

  @Override
  public Support domain() {
    return curve.domain();
  }

  private final class Bound extends Transform {
    private Bound() {
      super(eventShape);
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
      return summed(curve.toLine(x));
    }

    @Override
    protected Mapped mapInverse(NDArray y) {
      return summed(curve.fromLine(y));
    }

    private Mapped summed(Elementwise mapped) {
      int[] event = IntStream.rangeClosed(1, eventShape.dimension()).toArray();
      return new Mapped(mapped.value(), mapped.logDerivative().sum(event));
    }
  }
}
