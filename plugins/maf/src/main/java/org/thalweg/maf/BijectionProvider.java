package org.thalweg.maf;

import java.util.List;
import java.util.function.BiFunction;
import org.thalweg.api.config.Option;
import org.thalweg.api.density.BuildContext;
import org.thalweg.api.transform.Support;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.api.transform.TransformProvider;
import org.thalweg.toolkit.flow.Bijection;

/** Registers a {@link Bijection}. */
final class BijectionProvider<C extends Record> implements TransformProvider<C> {
  /** No options. */
  public record Config() {}

  /** The options of the sigmoid. */
  public record IntervalConfig(
      @Option("the lower end of the data's interval") double low,
      @Option("the upper end of the data's interval") double high) {}

  private final String name;
  private final String summary;
  private final C defaults;
  private final BiFunction<C, BuildContext, TrainableTransform> maker;

  private BijectionProvider(
      String name,
      String summary,
      C defaults,
      BiFunction<C, BuildContext, TrainableTransform> maker) {
    this.name = name;
    this.summary = summary;
    this.defaults = defaults;
    this.maker = maker;
  }

  /** The bijections. */
  static List<BijectionProvider<?>> all() {
    return List.of(
        new BijectionProvider<>(
            "exponential",
            "positive data that are the exponential of noise",
            new Config(),
            (config, context) -> Bijection.exponential(context.eventShape())),
        new BijectionProvider<>(
            "softplus",
            "positive data that are the softplus of noise",
            new Config(),
            (config, context) -> Bijection.softplus(context.eventShape())),
        new BijectionProvider<>(
            "sigmoid",
            "data on an interval that are the sigmoid of noise",
            new IntervalConfig(0, 1),
            (config, context) ->
                Bijection.sigmoid(
                    context.eventShape(), new Support.Interval(config.low(), config.high()))));
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
    return "Kucukelbir, Tran, Ranganath, Gelman, Blei: Automatic Differentiation Variational"
        + " Inference, 2017, section 2.3";
  }

  @Override
  public C defaults() {
    return defaults;
  }

  @Override
  public TrainableTransform create(C config, BuildContext context) {
    return maker.apply(config, context);
  }
}
