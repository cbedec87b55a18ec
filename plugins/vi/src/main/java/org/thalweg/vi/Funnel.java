package org.thalweg.vi;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
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
import org.thalweg.toolkit.nn.Ops;

/**
 * Partial pooling as something that is learnt. Of every number those before it in a hierarchy have
 * two opinions, and it is scaled and shifted as the product of both:
 *
 * <pre>
 * y_i = w_i exp(s_i) + (1 - k_i) m_i + k_i d_i,
 * exp(-2 s_i) = exp(-2 l_i) + exp(-2 b_i),   k_i = exp(2 s_i - 2 b_i),
 * </pre>
 *
 * where {@code m, d} are places and {@code l, b} log scales, each a constant plus a weighted sum of
 * the {@code w_j} before i, and log scales are cut off at 20. With {@code m, l} of a group and
 * {@code d, b} of a measurement it is the posterior of a normal hierarchy, given the numbers before
 * (Gelman and others, "Bayesian Data Analysis", section 5.4). Without the second opinion it is the
 * map between non-centred and centred parameters (Papaspiliopoulos, Roberts and Sköld, 2007;
 * Gorinova, Moore and Hoffman, 2020, "Automatic reparameterisation of probabilistic programs"). In
 * a fresh one the second opinion is weak, and the map nearly the identity. From noise w to data y
 * it takes one pass, the other way one a number.
 */
final class Funnel implements TrainableTransform {
  /** Keeps scales finite in single precision. */
  private static final double MOST_LOG_SCALE = 20;

  /** The second opinion's log scale at first: weak, but not without a gradient. */
  private static final double WEAK = 2;

  private final int dimension;
  private final FunnelConfig.Roots roots;
  private final Opinion group;
  private final Opinion measurement;

  Funnel(ParameterScope scope, int dimension, FunnelConfig.Roots roots) {
    this.dimension = dimension;
    this.roots = roots;
    group = Opinion.of(scope.child("group"), dimension, 0);
    measurement = Opinion.of(scope.child("measurement"), dimension, WEAK);
  }

  @Override
  public ConditionalTransform bind(Binding binding) {
    double[] before = new double[dimension * dimension];
    for (int j = 0; j < dimension; j++) {
      for (int i = 0; i < dimension; i++) {
        before[j * dimension + i] = (roots == FunnelConfig.Roots.FIRST ? j < i : j > i) ? 1 : 0;
      }
    }
    Tape tape = binding.tape();
    NDArray mask = tape.constant(before, new Shape(dimension, dimension));
    Transform bound = new Bound(group.bind(tape, mask), measurement.bind(tape, mask));
    return context -> bound;
  }

  /**
   * The parameters of an opinion: {@code [D, D]} and {@code [1, D]} of log scales and of places.
   */
  private record Opinion(
      Parameter slopes, Parameter logScale, Parameter weights, Parameter location) {
    static Opinion of(ParameterScope scope, int dimension, double logScale) {
      Shape square = new Shape(dimension, dimension);
      Shape row = new Shape(1, dimension);
      return new Opinion(
          scope.parameter("slopes", square, Initializer.ZEROS),
          scope.parameter("log-scale", row, Initializer.repeat(logScale)),
          scope.parameter("weights", square, Initializer.ZEROS),
          scope.parameter("location", row, Initializer.ZEROS));
    }

    BoundOpinion bind(Tape tape, NDArray mask) {
      return new BoundOpinion(
          tape.parameter(slopes).mul(mask),
          tape.parameter(logScale),
          tape.parameter(weights).mul(mask),
          tape.parameter(location));
    }
  }

  /** Log scales and places of numbers {@code [N, D]}, or what one column adds to their sums. */
  private record BoundOpinion(NDArray slopes, NDArray logScale, NDArray weights, NDArray location) {
    Sums fresh(NDArray like) {
      return new Sums(like.zerosLike().add(logScale), like.zerosLike().add(location));
    }

    /** The sums and what numbers w {@code [N, n]} add, whose n rows of weights these are. */
    Sums add(Sums to, NDArray w) {
      return new Sums(to.logScale().add(w.matMul(slopes)), to.place().add(w.matMul(weights)));
    }

    BoundOpinion row(int j) {
      String row = "%d:%d".formatted(j, j + 1);
      return new BoundOpinion(slopes.get(row), logScale, weights.get(row), location);
    }
  }

  private record Sums(NDArray logScale, NDArray place) {
    Sums columns(String columns) {
      return new Sums(logScale.get(columns), place.get(columns));
    }
  }

  /** What becomes of numbers: their log scales and shifts. */
  private record Pooled(NDArray logScale, NDArray shift) {
    static Pooled of(Sums group, Sums measurement) {
      NDArray l = bounded(group.logScale());
      NDArray twice = l.sub(bounded(measurement.logScale())).mul(2);
      NDArray k = Activation.sigmoid(twice);
      NDArray shift = group.place().add(measurement.place().sub(group.place()).mul(k));
      return new Pooled(l.sub(Ops.softplus(twice).mul(0.5)), shift);
    }

    private static NDArray bounded(NDArray logs) {
      return logs.clip(-MOST_LOG_SCALE, MOST_LOG_SCALE);
    }
  }

  private final class Bound extends Transform {
    private final BoundOpinion group;
    private final BoundOpinion measurement;

    private Bound(BoundOpinion group, BoundOpinion measurement) {
      super(new Shape(dimension));
      this.group = group;
      this.measurement = measurement;
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
      Pooled pooled =
          Pooled.of(group.add(group.fresh(w), w), measurement.add(measurement.fresh(w), w));
      NDArray y = w.mul(pooled.logScale().exp()).add(pooled.shift());
      return new Mapped(y, pooled.logScale().sum(new int[] {1}));
    }

    /** From the roots on: what a number needs of those before it has been found by then. */
    @Override
    protected Mapped mapForward(NDArray y) {
      Sums ofGroup = group.fresh(y);
      Sums ofMeasurement = measurement.fresh(y);
      NDArray logAbsDet = y.sum(new int[] {1}).zerosLike();
      NDArray[] columns = new NDArray[dimension];
      for (int step = 0; step < dimension; step++) {
        int i = roots == FunnelConfig.Roots.FIRST ? step : dimension - 1 - step;
        String column = ":, %d:%d".formatted(i, i + 1);
        Pooled pooled = Pooled.of(ofGroup.columns(column), ofMeasurement.columns(column));
        NDArray w = y.get(column).sub(pooled.shift()).mul(pooled.logScale().neg().exp());
        columns[i] = w;
        logAbsDet = logAbsDet.sub(pooled.logScale().squeeze(1));
        ofGroup = group.row(i).add(ofGroup, w);
        ofMeasurement = measurement.row(i).add(ofMeasurement, w);
      }
      return new Mapped(NDArrays.concat(new NDList(columns), 1), logAbsDet);
    }
  }
}
