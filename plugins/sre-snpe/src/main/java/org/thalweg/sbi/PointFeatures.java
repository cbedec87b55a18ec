package org.thalweg.sbi;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.thalweg.api.engine.Tape;
import org.thalweg.toolkit.nn.Ops;

/**
 * Points z as the net of a likelihood or a ratio sees them: numbers that stay where the prior's
 * draws are, however far out a point is. Such a net is a factor of the posterior beside the prior.
 * Were it to see the points themselves, which are any real numbers, what it says far from all
 * simulations could grow faster than the prior falls, and the posterior's mass would lie there.
 *
 * <p>A coordinate that is the logit of a place between two ends becomes that place, up to a scale;
 * any other is held within the range of the prior's draws. Each then has mean 0 and standard
 * deviation 1 over the first simulations.
 */
final class PointFeatures {
  /** Of a place that hardly varies the simulations tell nothing but its last digits. */
  private static final double LEAST_SPREAD = 1e-6;

  private final boolean[] logistic;
  private final double[] shift;
  private final double[] slope;
  private final double[] low;
  private final double[] high;
  private final double[] mean;
  private final double[] deviation;

  private PointFeatures(
      ParameterSpace space, double[] low, double[] high, double[] mean, double[] deviation) {
    this.logistic = space.logistic();
    this.shift = space.mean();
    this.slope = space.deviation();
    this.low = low;
    this.high = high;
    this.mean = mean;
    this.deviation = deviation;
  }

  /**
   * What is seen of points in a space.
   *
   * @param points of the simulations, one after another
   * @param draws of the prior, many of them: later rounds may simulate where no early one did
   */
  static PointFeatures of(ParameterSpace space, double[] points, double[] draws) {
    int p = space.dimension();
    int n = points.length / p;
    double[] low = new double[p];
    double[] high = new double[p];
    double[] zero = new double[p];
    double[] one = new double[p];
    Arrays.fill(low, Double.POSITIVE_INFINITY);
    Arrays.fill(high, Double.NEGATIVE_INFINITY);
    Arrays.fill(one, 1);
    for (int i = 0; i < draws.length; i++) {
      low[i % p] = Math.min(low[i % p], draws[i]);
      high[i % p] = Math.max(high[i % p], draws[i]);
    }
    var raw = new PointFeatures(space, low, high, zero, one);
    double[] mean = new double[p];
    double[] deviation = new double[p];
    for (int d = 0; d < p; d++) {
      double[] column = new double[n];
      for (int i = 0; i < n; i++) {
        column[i] = raw.place(d, points[i * p + d]);
      }
      Moments moments = Moments.of(column);
      mean[d] = moments.mean();
      deviation[d] = Math.max(LEAST_SPREAD, moments.deviation());
    }
    return new PointFeatures(space, low, high, mean, deviation);
  }

  /** What {@link #toMap} described. */
  static PointFeatures of(ParameterSpace space, Map<?, ?> stored) {
    return new PointFeatures(
        space,
        Stored.numbers(stored.get("low")),
        Stored.numbers(stored.get("high")),
        Stored.numbers(stored.get("mean")),
        Stored.numbers(stored.get("deviation")));
  }

  /** For a file. */
  Map<String, Object> toMap() {
    return Map.of(
        "low", list(low), "high", list(high), "mean", list(mean), "deviation", list(deviation));
  }

  private static List<Double> list(double[] values) {
    return Arrays.stream(values).boxed().toList();
  }

  private double place(int d, double z) {
    return logistic[d]
        ? 1 / (1 + Math.exp(-(shift[d] + slope[d] * z)))
        : Math.max(low[d], Math.min(high[d], z));
  }

  /** Features {@code [N, P]} of points {@code [N, P]}, to be differentiated. */
  NDArray of(Tape tape, NDArray points) {
    NDArray held = points.maximum(row(tape, low)).minimum(row(tape, high));
    NDArray placed = Ops.logSigmoid(points.mul(row(tape, slope)).add(row(tape, shift))).exp();
    double[] share = new double[logistic.length];
    for (int d = 0; d < share.length; d++) {
      share[d] = logistic[d] ? 1 : 0;
    }
    NDArray ofPlaced = row(tape, share);
    return held.add(placed.sub(held).mul(ofPlaced)).sub(row(tape, mean)).div(row(tape, deviation));
  }

  private static NDArray row(Tape tape, double[] values) {
    return tape.constant(values, new Shape(1, values.length));
  }
}
