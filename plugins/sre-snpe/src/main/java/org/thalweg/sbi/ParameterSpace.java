package org.thalweg.sbi;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.inference.Prior;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.infer.RealMap;

/**
 * The parameters as nets see them: coordinates z that are any real numbers, with mean 0 and
 * standard deviation 1 over the prior's draws. Where the support is mapped, each point z stands for
 * parameters inside it, so that no net can put mass outside.
 *
 * <p>Log-densities go between the two by
 *
 * <pre>log p(z) = log p(parameters) + log |dparameters / dz|</pre>
 */
final class ParameterSpace {
  /** Relative to its size, what a parameter varies by at least in the prior's draws. */
  private static final double LEAST_SPREAD = 1e-12;

  /** The step of the central differences, in standard deviations of the prior. */
  private static final double STEP = 1e-4;

  private final Prior prior;
  private final SupportMap map;
  private final double[] mean;
  private final double[] deviation;

  private ParameterSpace(Prior prior, SupportMap map, double[] mean, double[] deviation) {
    this.prior = prior;
    this.map = map;
    this.mean = mean;
    this.deviation = deviation;
  }

  /**
   * The space of a prior's parameters.
   *
   * @param draws {@code [N, P]} of the prior
   * @throws ThalwegException exit code 2, where a parameter is the same in all draws
   */
  static ParameterSpace of(Prior prior, SupportHandling handling, Matrix draws) {
    requireSpread(prior, draws);
    SupportMap map = SupportMap.of(prior, handling);
    Matrix reals = map.toReals(draws);
    double[] mean = new double[reals.columns()];
    double[] deviation = new double[reals.columns()];
    for (int d = 0; d < mean.length; d++) {
      Moments moments = Moments.of(reals.column(d));
      mean[d] = moments.mean();
      deviation[d] = moments.deviation();
    }
    return new ParameterSpace(prior, map, mean, deviation);
  }

  private static void requireSpread(Prior prior, Matrix draws) {
    for (int j = 0; j < draws.columns(); j++) {
      double[] column = draws.column(j);
      Moments moments = Moments.of(column);
      if (!(moments.deviation() > LEAST_SPREAD * Math.max(1e-300, Math.abs(moments.mean())))) {
        throw ThalwegException.usage(
            "The prior gives parameter '%s' the value %s in every draw. Leave it out of the prior "
                + "and set it inside the simulator.",
            SupportMap.names(prior).get(j), column[0]);
      }
    }
  }

  /** The space that {@link #toMap} described. */
  static ParameterSpace of(Prior prior, SupportHandling handling, Map<?, ?> stored) {
    return new ParameterSpace(
        prior,
        SupportMap.of(prior, handling),
        Stored.numbers(stored.get("mean")),
        Stored.numbers(stored.get("deviation")));
  }

  /** For a file. */
  Map<String, Object> toMap() {
    return Map.of(
        "mean", Arrays.stream(mean).boxed().toList(),
        "deviation", Arrays.stream(deviation).boxed().toList());
  }

  /** Which coordinates are, up to shift and scale, the logit of a place between two ends. */
  boolean[] logistic() {
    return map.logistic(mean.length);
  }

  /** What a coordinate 0 is before it is scaled. */
  double[] mean() {
    return mean.clone();
  }

  /** What a step of 1 is before it is scaled. */
  double[] deviation() {
    return deviation.clone();
  }

  /** Whether every point z stands for parameters inside the support. */
  boolean everywhere() {
    return map instanceof SupportMap.Mapped;
  }

  /** The numbers in a point z. */
  int dimension() {
    return mean.length;
  }

  /** The parameters' names, one a number. */
  List<String> names() {
    return SupportMap.names(prior);
  }

  /** Draws {@code [n, P]} of the prior. */
  Matrix sample(int n, Seed seed) {
    return prior.sample(n, seed);
  }

  /** Points that stand for parameters {@code [N, P]} inside the support. */
  double[] points(Matrix parameters) {
    double[] z = map.toReals(parameters).values().clone();
    for (int i = 0; i < z.length; i++) {
      int d = i % mean.length;
      z[i] = (z[i] - mean[d]) / deviation[d];
    }
    return z;
  }

  /** The parameters {@code [N, P]} that points stand for. */
  Matrix parameters(double[] points) {
    return mapped(points).values();
  }

  /** The parameters, and log |dparameters / dz| in nats. */
  RealMap.Points mapped(double[] points) {
    double[] u = new double[points.length];
    for (int i = 0; i < u.length; i++) {
      int d = i % mean.length;
      u[i] = mean[d] + deviation[d] * points[i];
    }
    RealMap.Points out = map.fromReals(new Matrix(u.length / mean.length, mean.length, u));
    double scale = Arrays.stream(deviation).map(Math::log).sum();
    double[] logAbsDet = Arrays.stream(out.logAbsDet()).map(v -> v + scale).toArray();
    return new RealMap.Points(out.values(), logAbsDet);
  }

  /** Which parameters the prior has any density at. */
  boolean[] inside(Matrix parameters) {
    double[] density = prior.logDensity(parameters);
    boolean[] out = new boolean[density.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = density[i] > Double.NEGATIVE_INFINITY;
    }
    return out;
  }

  /** The prior's log-density of points z, in nats; minus infinity outside the support. */
  double[] logPrior(double[] points) {
    RealMap.Points mapped = mapped(points);
    double[] out = prior.logDensity(mapped.values());
    for (int i = 0; i < out.length; i++) {
      out[i] = Double.isFinite(out[i]) ? out[i] + mapped.logAbsDet()[i] : Double.NEGATIVE_INFINITY;
    }
    return out;
  }

  /**
   * The gradient of {@link #logPrior} by central differences: a prior is a Java function, and
   * cheap.
   */
  double[] logPriorGradient(double[] points) {
    int p = mean.length;
    int n = points.length / p;
    double[] out = new double[points.length];
    for (int d = 0; d < p; d++) {
      double[] above = logPrior(moved(points, d, STEP));
      double[] below = logPrior(moved(points, d, -STEP));
      for (int i = 0; i < n; i++) {
        double slope = (above[i] - below[i]) / (2 * STEP);
        out[i * p + d] = Double.isFinite(slope) ? slope : 0;
      }
    }
    return out;
  }

  private double[] moved(double[] points, int d, double by) {
    double[] out = points.clone();
    for (int i = d; i < out.length; i += mean.length) {
      out[i] += by;
    }
    return out;
  }
}
