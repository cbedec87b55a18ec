package org.thalweg.vi;

import ai.djl.ndarray.NDArray;
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

/**
 * {@code u = location + exp(logScale) z}: over standard normal noise the mean-field normal family
 * (Kucukelbir and others, 2017, section 2.4).
 */
final class LocationScale implements TrainableTransform {
  private final Shape event;
  private final Parameter location;
  private final Parameter logScale;

  LocationScale(ParameterScope scope, int dimension) {
    event = new Shape(dimension);
    location = scope.parameter("location", event, Initializer.ZEROS);
    logScale = scope.parameter("log-scale", event, Initializer.ZEROS);
  }

  @Override
  public ConditionalTransform bind(Binding binding) {
    NDArray at = binding.tape().parameter(location).expandDims(0);
    NDArray log = binding.tape().parameter(logScale).expandDims(0);
    Transform bound = new Bound(at, log);
    return context -> bound;
  }

  private final class Bound extends Transform {
    private final NDArray at;
    private final NDArray log;

    private Bound(NDArray at, NDArray log) {
      super(event);
      this.at = at;
      this.log = log;
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
    protected Mapped mapForward(NDArray u) {
      return new Mapped(u.sub(at).mul(log.neg().exp()), volume(u).neg());
    }

    @Override
    protected Mapped mapInverse(NDArray z) {
      return new Mapped(z.mul(log.exp()).add(at), volume(z));
    }

    private NDArray volume(NDArray like) {
      return like.sum(new int[] {1}).zerosLike().add(log.sum());
    }
  }
}
