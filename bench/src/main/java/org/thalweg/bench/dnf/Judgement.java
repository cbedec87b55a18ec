package org.thalweg.bench.dnf;

import java.util.Arrays;
import java.util.Locale;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.Projection;
import org.thalweg.api.random.Seed;

/**
 * How a learnt density on a manifold compares to the true one.
 *
 * @param distance the largest difference of the two distribution functions along the manifold; the
 *     learnt one is the integral of the learnt density over the true manifold, and not normalised
 * @param logRatio the mean over fresh rows of |log learnt density - log true density|, in nats
 * @param error the standard error of that
 * @param mass the integral of the learnt density over the true manifold: 1 where it is right
 * @param inside the share of fresh rows that have a density above 0 under the model's own cut-off
 * @param reconstruction the root mean squared distance of fresh rows from the learnt manifold; NaN
 *     where there is none
 */
record Judgement(
    double distance,
    double logRatio,
    double error,
    double mass,
    double inside,
    double reconstruction) {
  static final String HEAD =
      "ks,mean_abs_log_ratio,standard_error,mass,share_inside,reconstruction";

  private static final int FRESH = 2000;
  private static final int RINGS = 200;
  private static final int OF_RING = 100;

  /** Every tenth cell of the curve's grid is enough for a learnt density. */
  private static final int STRIDE = 10;

  static Judgement of(Model model, Curve curve, long seed) {
    double[] grid = curve.grid();
    double[] some = new double[grid.length / STRIDE];
    Arrays.setAll(some, i -> grid[i * STRIDE + STRIDE / 2]);
    double[] learnt = logDensity(model, curve.points(some));
    double[] truth = curve.logDensity(some);
    double[] lengths = new double[some.length];
    Arrays.setAll(lengths, i -> curve.speed().applyAsDouble(some[i]) * curve.cell() * STRIDE);
    double[] fresh = curve.draw(FRESH, 3000 + seed);
    return of(model, curve.points(fresh), curve.logDensity(fresh), learnt, truth, lengths);
  }

  /** On the sphere, distribution functions are those of the height, ring by ring. */
  static Judgement ofSphere(Model model, long seed) {
    Matrix grid = Sphere.grid(RINGS, OF_RING);
    double[] learnt = logDensity(model, grid);
    double[] truth = new double[grid.rows()];
    Arrays.setAll(truth, i -> Sphere.logDensity(grid.row(i)));
    double[] areas = new double[grid.rows()];
    Arrays.fill(areas, 4 * Math.PI / grid.rows());
    Matrix fresh = Sphere.draw(FRESH, 3000 + seed);
    double[] ofFresh = new double[FRESH];
    Arrays.setAll(ofFresh, i -> Sphere.logDensity(fresh.row(i)));
    return of(model, fresh, ofFresh, learnt, truth, areas);
  }

  private static Judgement of(
      Model model,
      Matrix fresh,
      double[] truthOfFresh,
      double[] learnt,
      double[] truth,
      double[] measures) {
    double mass = 0;
    double trueMass = 0;
    double distance = 0;
    for (int i = 0; i < learnt.length; i++) {
      mass += measures[i] * Math.exp(learnt[i]);
      trueMass += measures[i] * Math.exp(truth[i]);
      distance = Math.max(distance, Math.abs(mass - trueMass));
    }
    double[] ofFresh = logDensity(model, fresh);
    double[] ratios = new double[ofFresh.length];
    Arrays.setAll(ratios, i -> Math.abs(ofFresh[i] - truthOfFresh[i]));
    double mean = Arrays.stream(ratios).average().orElseThrow();
    double squares = Arrays.stream(ratios).map(v -> (v - mean) * (v - mean)).sum();
    return new Judgement(
        distance,
        mean,
        Math.sqrt(squares / (ratios.length - 1) / ratios.length),
        mass,
        inside(model, fresh),
        reconstruction(model, fresh));
  }

  private static LogDensity.Named density(Model model) {
    return model.as(LogDensity.class).densities().stream()
        .filter(density -> density.measure() == LogDensity.Measure.MANIFOLD)
        .findFirst()
        .orElseGet(() -> model.as(LogDensity.class).densities().get(0));
  }

  /** On the manifold where the model has one, whatever the distance; else in the plane. */
  static double[] logDensity(Model model, Matrix points) {
    LogDensity densities = model.as(LogDensity.class);
    boolean deflated = model.card().estimator().equals("dnf");
    return scores(model, deflated ? densities.density("manifold:0") : density(model), points);
  }

  private static double[] scores(Model model, LogDensity.Named density, Matrix points) {
    return model.as(LogDensity.class).logDensity(density, Rows.of(points), new Seed(1)).values();
  }

  private static double inside(Model model, Matrix fresh) {
    return Arrays.stream(scores(model, density(model), fresh)).filter(Double::isFinite).count()
        / (double) fresh.rows();
  }

  private static double reconstruction(Model model, Matrix fresh) {
    if (model instanceof Projection projection) {
      double squares =
          Arrays.stream(projection.distances(Rows.of(fresh))).map(v -> v * v).average().orElse(0);
      return Math.sqrt(squares);
    }
    return Double.NaN;
  }

  String csv() {
    return String.format(
        Locale.ROOT,
        "%.5g,%.5g,%.3g,%.5g,%.4f,%.5g",
        distance,
        logRatio,
        error,
        mass,
        inside,
        reconstruction);
  }
}
