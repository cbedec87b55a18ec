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
 * Scale and shift of every column, {@code y = (x - t) exp(s)}, which start so that a first batch
 * leaves with mean 0 and variance 1 (Kingma and Dhariwal, 2018, section 3.1). Without that batch it
 * starts as the identity.
 */
final class ActNorm implements TrainableTransform {
  /** A column that is constant in the first batch is not blown up. */
  private static final double SMALLEST_SCALE = 1e-3;

  private final int dimension;
  private final Parameter logScale;
  private final Parameter shift;

  ActNorm(ParameterScope scope, int dimension) {
    this.dimension = dimension;
    logScale = scope.parameter("log-scale", new Shape(dimension), Initializer.ZEROS);
    shift = scope.parameter("shift", new Shape(dimension), Initializer.ZEROS);
  }

  @Override
  public ConditionalTransform bind(Binding binding) {
    Transform bound = new Bound(binding);
    return context -> bound;
  }

  /** Sets the parameters from the columns of a batch. */
  private void start(Tape tape, NDArray batch) {
    double[] rows = tape.engine().hostView(batch).toDoubles();
    int n = rows.length / dimension;
    if (n < 2) {
      return;
    }
    double[] means = new double[dimension];
    double[] logScales = new double[dimension];
    for (int j = 0; j < dimension; j++) {
      double squares = 0;
      for (int i = 0; i < n; i++) {
        double before = rows[i * dimension + j] - means[j];
        means[j] += before / (i + 1);
        squares += before * (rows[i * dimension + j] - means[j]);
      }
      logScales[j] = -Math.log(SMALLEST_SCALE + Math.sqrt(squares / (n - 1)));
    }
    shift.write(means);
    logScale.write(logScales);
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
      if (binding.mode() == Binding.Mode.INITIALISE) {
        start(binding.tape(), x);
      }
      NDArray s = binding.tape().parameter(logScale);
      NDArray y = x.sub(binding.tape().parameter(shift)).mul(s.exp());
      return new Mapped(y, Vectors.zeros(x).add(s.sum()));
    }

    @Override
    protected Mapped mapInverse(NDArray y) {
      NDArray s = binding.tape().parameter(logScale);
      NDArray x = y.mul(s.neg().exp()).add(binding.tape().parameter(shift));
      return new Mapped(x, Vectors.zeros(y).sub(s.sum()));
    }
  }
}
