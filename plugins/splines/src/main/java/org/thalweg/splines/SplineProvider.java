package org.thalweg.splines;

import java.util.List;
import java.util.function.Function;
import org.thalweg.api.transform.Univariate;
import org.thalweg.api.transform.UnivariateProvider;

/** Registers a spline. */
final class SplineProvider<C extends Record> implements UnivariateProvider<C> {
  private static final String MUELLER =
      "Mueller, McWilliams, Rousselle, Gross, Novak: Neural Importance Sampling, 2019";

  private final String name;
  private final String summary;
  private final String paper;
  private final C defaults;
  private final Function<C, Univariate> maker;

  private SplineProvider(
      String name, String summary, String paper, C defaults, Function<C, Univariate> maker) {
    this.name = name;
    this.summary = summary;
    this.paper = paper;
    this.defaults = defaults;
    this.maker = maker;
  }

  /** The splines. */
  static List<UnivariateProvider<?>> all() {
    return List.of(
        new SplineProvider<>(
            "linear-spline",
            "monotonic piecewise-linear spline with equal bins",
            MUELLER,
            LinearSplineConfig.DEFAULT,
            config ->
                new ComposedSpline(new LinearSpline(config), config.tailBound(), config.ends())),
        new SplineProvider<>(
            "quadratic-spline",
            "monotonic piecewise-quadratic spline",
            MUELLER,
            SplineConfig.DEFAULT,
            config ->
                new ComposedSpline(new QuadraticSpline(config), config.tailBound(), config.ends())),
        new SplineProvider<>(
            "cubic-spline",
            "monotonic piecewise-cubic spline",
            "Durkan, Bekasov, Murray, Papamakarios: Cubic-Spline Flows, 2019",
            SplineConfig.DEFAULT,
            config ->
                new ComposedSpline(new CubicSpline(config), config.tailBound(), config.ends())),
        new SplineProvider<>(
            "rational-quadratic",
            "monotonic rational-quadratic spline",
            "Durkan, Bekasov, Murray, Papamakarios: Neural Spline Flows, 2019, section 3.1",
            RationalQuadraticConfig.DEFAULT,
            RationalQuadratic::new));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String summary() {
    return summary;
  }

  @Override
  public String paper() {
    return paper;
  }

  @Override
  public C defaults() {
    return defaults;
  }

  @Override
  public Univariate create(C config) {
    return maker.apply(config);
  }
}
