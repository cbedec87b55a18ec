package org.thalweg.maf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Initializer;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.density.ParameterScope;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.transform.ConditionalTransform;
import org.thalweg.api.transform.Cost;
import org.thalweg.api.transform.Mapped;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.api.transform.Transform;

/**
 * Batch normalisation of every column (Dinh and others, 2017, section 3.7; Papamakarios and others,
 * 2017, section 3.4 and appendix B):
 *
 * <pre>
 * y         = (x - m) / sqrt(v + eps) exp(s) + t
 * log |det| = sum (s - log(v + eps) / 2)
 * </pre>
 *
 * with learnt s and t. In training, m and v are the batch's mean and variance, and gradients pass
 * through them; otherwise they are those of training rows under the current weights.
 */
final class BatchNorm implements TrainableTransform {
  private static final double EPSILON = 1e-5;

  private final int dimension;
  private final Parameter logScale;
  private final Parameter shift;
  private final Parameter mean;
  private final Parameter variance;

  BatchNorm(ParameterScope scope, int dimension) {
    this.dimension = dimension;
    Shape columns = new Shape(dimension);
    logScale = scope.parameter("log-scale", columns, Initializer.ZEROS);
    shift = scope.parameter("shift", columns, Initializer.ZEROS);
    mean = scope.statistic("mean", columns, Initializer.ZEROS);
    variance = scope.statistic("variance", columns, Initializer.repeat(1));
  }

  @Override
  public ConditionalTransform bind(Binding binding) {
    Transform bound = new Bound(binding);
    return context -> bound;
  }

  private record Moments(NDArray mean, NDArray variance) {
    static Moments of(NDArray x) {
      NDArray mean = x.mean(new int[] {0});
      return new Moments(mean, x.sub(mean).square().mean(new int[] {0}));
    }
  }

  private final class Bound extends Transform {
    private final Binding binding;

    private Bound(Binding binding) {
      super(new Shape(dimension));
      this.binding = binding;
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
      Moments moments = moments(x);
      NDArray s = binding.tape().parameter(logScale);
      NDArray width = moments.variance.add(EPSILON);
      NDArray y =
          x.sub(moments.mean).mul(s.exp().div(width.sqrt())).add(binding.tape().parameter(shift));
      return new Mapped(y, Vectors.zeros(x).add(s.sub(width.log().div(2)).sum()));
    }

    @Override
    protected Mapped mapInverse(NDArray y) {
      NDArray s = binding.tape().parameter(logScale);
      NDArray width = binding.tape().parameter(variance).add(EPSILON);
      NDArray x =
          y.sub(binding.tape().parameter(shift))
              .mul(width.sqrt().div(s.exp()))
              .add(binding.tape().parameter(mean));
      return new Mapped(x, Vectors.zeros(y).sub(s.sub(width.log().div(2)).sum()));
    }

    /** One row has no variance: the kept statistics serve it. */
    private Moments moments(NDArray x) {
      Tape tape = binding.tape();
      if (binding.mode() == Binding.Mode.EVALUATE || x.getShape().get(0) < 2) {
        return new Moments(tape.parameter(mean), tape.parameter(variance));
      }
      Moments moments = Moments.of(x);
      if (binding.mode() != Binding.Mode.TRAIN) {
        mean.write(tape.engine().hostView(moments.mean).toDoubles());
        variance.write(tape.engine().hostView(moments.variance).toDoubles());
      }
      return moments;
    }
  }
}
