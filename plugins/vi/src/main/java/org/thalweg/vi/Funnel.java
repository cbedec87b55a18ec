package org.thalweg.vi;

import ai.djl.ndarray.NDArray;
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
 * y_i = o_i + (1 - k_i) sum_j B_ij o_j,   o_i = w_i exp(s_i) + (1 - k_i) c_i + k_i d_i,
 * exp(-2 s_i) = exp(-2 l_i) + exp(-2 b_i),   k_i = exp(2 s_i - 2 b_i).
 * </pre>
 *
 * The group's place is {@code m_i = c_i + sum_j B_ij o_j}, in numbers that have their own scale
 * already: a narrow {@code y_i} is to follow them to a small part of it. The measurement's place
 * {@code d_i} and both log scales {@code l_i, b_i}, cut off at 20, are constants plus weighted sums
 * of the {@code w_j}; all sums are over j before i. With {@code m, l} of a group and {@code d, b}
 * of a measurement it is the posterior of a normal hierarchy, given the numbers before (Gelman and
 * others, "Bayesian Data Analysis", section 5.4). Without the second opinion it is the map between
 * non-centred and centred parameters (Papaspiliopoulos, Roberts and Sköld, 2007; Gorinova, Moore
 * and Hoffman, 2020, "Automatic reparameterisation of probabilistic programs"). In a fresh one the
 * second opinion is weak, and the map nearly the identity. From noise w to data y it takes one
 * pass, the other way one a number.
 */
final class Funnel implements TrainableTransform {
  /** Keeps scales finite in single precision. */
  private static final double MOST_LOG_SCALE = 20;

  /**
   * Of a number where noise is looked for behind data: what is divided by small scales in several
   * funnels, one after the other, would overflow far from where the data is, and infinity less
   * infinity is no density. No noise is as large.
   */
  private static final double MOST = 1e12;

  /** The second opinion's log scale at first: weak, but not without a gradient. */
  private static final double WEAK = 2;

  private final int dimension;
  private final FunnelConfig.Roots roots;
  private final Sum groupScale;
  private final Sum groupPlace;
  private final Sum measurementScale;
  private final Sum measurementPlace;

  Funnel(ParameterScope scope, int dimension, FunnelConfig.Roots roots) {
    this.dimension = dimension;
    this.roots = roots;
    groupScale = Sum.of(scope.child("group-scale"), dimension, 0);
    groupPlace = Sum.of(scope.child("group-place"), dimension, 0);
    measurementScale = Sum.of(scope.child("measurement-scale"), dimension, WEAK);
    measurementPlace = Sum.of(scope.child("measurement-place"), dimension, 0);
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
    Transform bound =
        new Bound(
            groupScale.bind(tape, mask),
            groupPlace.bind(tape, mask),
            measurementScale.bind(tape, mask),
            measurementPlace.bind(tape, mask));
    return context -> bound;
  }

  /** The parameters of weighted sums: {@code [D, D]}, of which half counts, and {@code [1, D]}. */
  private record Sum(Parameter weights, Parameter constant) {
    static Sum of(ParameterScope scope, int dimension, double constant) {
      return new Sum(
          scope.parameter("weights", new Shape(dimension, dimension), Initializer.ZEROS),
          scope.parameter("constant", new Shape(1, dimension), Initializer.repeat(constant)));
    }

    BoundSum bind(Tape tape, NDArray mask) {
      return new BoundSum(tape.parameter(weights).mul(mask), tape.parameter(constant));
    }
  }

  private record BoundSum(NDArray weights, NDArray constant) {
    /** The weighted sums of all numbers {@code [N, D]}. */
    NDArray of(NDArray numbers) {
      return numbers.matMul(weights);
    }

    /** What column j {@code [N, 1]} adds to them. */
    NDArray of(NDArray number, int j) {
      return number.matMul(weights.get("%d:%d".formatted(j, j + 1)));
    }
  }

  /**
   * The product of two opinions.
   *
   * @param logScale s
   * @param share k, the measurement's
   */
  private record Pooled(NDArray logScale, NDArray share) {
    static Pooled of(NDArray group, NDArray measurement) {
      NDArray l = bounded(group);
      NDArray twice = l.sub(bounded(measurement)).mul(2);
      return new Pooled(l.sub(Ops.softplus(twice).mul(0.5)), Activation.sigmoid(twice));
    }

    private static NDArray bounded(NDArray logs) {
      return logs.clip(-MOST_LOG_SCALE, MOST_LOG_SCALE);
    }

    NDArray between(NDArray group, NDArray measurement) {
      return group.add(measurement.sub(group).mul(share));
    }

    NDArray ofGroup(NDArray pull) {
      return pull.sub(pull.mul(share));
    }
  }

  private final class Bound extends Transform {
    private final BoundSum groupScale;
    private final BoundSum groupPlace;
    private final BoundSum measurementScale;
    private final BoundSum measurementPlace;

    private Bound(
        BoundSum groupScale,
        BoundSum groupPlace,
        BoundSum measurementScale,
        BoundSum measurementPlace) {
      super(new Shape(dimension));
      this.groupScale = groupScale;
      this.groupPlace = groupPlace;
      this.measurementScale = measurementScale;
      this.measurementPlace = measurementPlace;
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
          Pooled.of(
              groupScale.of(w).add(groupScale.constant()),
              measurementScale.of(w).add(measurementScale.constant()));
      NDArray place =
          pooled.between(
              groupPlace.constant(), measurementPlace.of(w).add(measurementPlace.constant()));
      NDArray own = w.mul(pooled.logScale().exp()).add(place);
      NDArray y = own.add(pooled.ofGroup(groupPlace.of(own)));
      return new Mapped(y, pooled.logScale().sum(new int[] {1}));
    }

    /** From the roots on: what a number needs of those before it has been found by then. */
    @Override
    protected Mapped mapForward(NDArray y) {
      NDArray l = y.zerosLike().add(groupScale.constant());
      NDArray b = y.zerosLike().add(measurementScale.constant());
      NDArray d = y.zerosLike().add(measurementPlace.constant());
      NDArray pull = y.zerosLike();
      NDArray logAbsDet = y.sum(new int[] {1}).zerosLike();
      NDArray[] columns = new NDArray[dimension];
      for (int step = 0; step < dimension; step++) {
        int i = roots == FunnelConfig.Roots.FIRST ? step : dimension - 1 - step;
        String column = ":, %d:%d".formatted(i, i + 1);
        Pooled pooled = Pooled.of(l.get(column), b.get(column));
        NDArray own = y.get(column).sub(pooled.ofGroup(pull.get(column)));
        NDArray place = pooled.between(groupPlace.constant().get(column), d.get(column));
        NDArray w = own.sub(place).mul(pooled.logScale().neg().exp()).clip(-MOST, MOST);
        columns[i] = w;
        logAbsDet = logAbsDet.sub(pooled.logScale().squeeze(1));
        l = l.add(groupScale.of(w, i));
        b = b.add(measurementScale.of(w, i));
        d = d.add(measurementPlace.of(w, i));
        pull = pull.add(groupPlace.of(own, i));
      }
      return new Mapped(Ops.concat(new NDList(columns), 1), logAbsDet);
    }
  }
}
