package org.thalweg.vi;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
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
 * Centring as something that is learnt: every number is scaled and shifted by numbers that come
 * before it in a hierarchy,
 *
 * <pre>y_i = w_i exp(s_i) + sum_j B_ij w_j + c_i,   s_i = m tanh((sum_j A_ij w_j + a_i) / m),</pre>
 *
 * with the sums over those before i, and m = 20. Where w_j stands for the logarithm of the scale of
 * y_i it is the map between non-centred and centred parameters (Papaspiliopoulos, Roberts and
 * Sköld, 2007; Gorinova, Moore and Hoffman, 2020, "Automatic reparameterisation of probabilistic
 * programs"). A fresh one is the identity. From noise w to data y it takes one pass, the other way
 * one a number.
 */
final class Funnel implements TrainableTransform {
  /** Keeps scales finite in single precision; within a few units the tangent is a straight line. */
  private static final double MOST_LOG_SCALE = 20;

  private final int dimension;
  private final FunnelConfig.Roots roots;
  private final Parameter slopes;
  private final Parameter logScale;
  private final Parameter weights;
  private final Parameter location;

  Funnel(ParameterScope scope, int dimension, FunnelConfig.Roots roots) {
    this.dimension = dimension;
    this.roots = roots;
    Shape square = new Shape(dimension, dimension);
    slopes = scope.parameter("slopes", square, Initializer.ZEROS);
    weights = scope.parameter("weights", square, Initializer.ZEROS);
    logScale = scope.parameter("log-scale", new Shape(1, dimension), Initializer.ZEROS);
    location = scope.parameter("location", new Shape(1, dimension), Initializer.ZEROS);
  }

  @Override
  public ConditionalTransform bind(Binding binding) {
    double[] before = new double[dimension * dimension];
    for (int j = 0; j < dimension; j++) {
      for (int i = 0; i < dimension; i++) {
        before[j * dimension + i] = (roots == FunnelConfig.Roots.FIRST ? j < i : j > i) ? 1 : 0;
      }
    }
    NDArray mask = binding.tape().constant(before, new Shape(dimension, dimension));
    Transform bound =
        new Bound(
            binding.tape().parameter(slopes).mul(mask),
            binding.tape().parameter(logScale),
            binding.tape().parameter(weights).mul(mask),
            binding.tape().parameter(location));
    return context -> bound;
  }

  private final class Bound extends Transform {
    private final NDArray slope;
    private final NDArray scale;
    private final NDArray weight;
    private final NDArray at;

    private Bound(NDArray slope, NDArray scale, NDArray weight, NDArray at) {
      super(new Shape(dimension));
      this.slope = slope;
      this.scale = scale;
      this.weight = weight;
      this.at = at;
    }

    @Override
    public Cost forwardCost() {
      return Cost.SEQUENTIAL;
    }

    @Override
    public Cost inverseCost() {
      return Cost.ONE_PASS;
    }

    @Override
    protected Mapped mapInverse(NDArray w) {
      NDArray logs = bounded(w.matMul(slope).add(scale));
      NDArray y = w.mul(logs.exp()).add(w.matMul(weight)).add(at);
      return new Mapped(y, logs.sum(new int[] {1}));
    }

    /** From the roots on: what a number needs of those before it has been found by then. */
    @Override
    protected Mapped mapForward(NDArray y) {
      NDArray sums = y.zerosLike().add(scale);
      NDArray shifts = y.zerosLike().add(at);
      NDArray logAbsDet = y.sum(new int[] {1}).zerosLike();
      NDArray[] columns = new NDArray[dimension];
      for (int step = 0; step < dimension; step++) {
        int i = roots == FunnelConfig.Roots.FIRST ? step : dimension - 1 - step;
        String column = ":, %d:%d".formatted(i, i + 1);
        NDArray logs = bounded(sums.get(column));
        NDArray w = y.get(column).sub(shifts.get(column)).mul(logs.neg().exp());
        columns[i] = w;
        logAbsDet = logAbsDet.sub(logs.squeeze(1));
        String row = "%d:%d".formatted(i, i + 1);
        sums = sums.add(w.matMul(slope.get(row)));
        shifts = shifts.add(w.matMul(weight.get(row)));
      }
      return new Mapped(NDArrays.concat(new NDList(columns), 1), logAbsDet);
    }

    private NDArray bounded(NDArray logs) {
      return logs.div(MOST_LOG_SCALE).tanh().mul(MOST_LOG_SCALE);
    }
  }
}
