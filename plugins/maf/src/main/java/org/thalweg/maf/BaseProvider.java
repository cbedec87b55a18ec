package org.thalweg.maf;

import java.util.List;
import java.util.function.BiFunction;
import org.thalweg.api.config.Option;
import org.thalweg.api.density.BuildContext;
import org.thalweg.api.density.DensityProvider;
import org.thalweg.api.density.TrainableDensity;
import org.thalweg.api.transform.Support;
import org.thalweg.toolkit.flow.GaussianMixtureBase;
import org.thalweg.toolkit.flow.StandardNormal;
import org.thalweg.toolkit.flow.StudentT;
import org.thalweg.toolkit.flow.UniformBase;

/** Registers a density that flows start from. */
final class BaseProvider<C extends Record> implements DensityProvider<C> {
  /** No options. */
  public record NormalConfig() {}

  /** The options of the mixture. */
  public record MixtureConfig(
      @Option(value = "components of the mixture", min = 1, max = 10_000) int components) {}

  /** The options of Student's t. */
  public record StudentTConfig(
      @Option(value = "degrees of freedom of each column at the start", min = 1.001, max = 1e6)
          double degreesOfFreedom) {}

  /** The options of the uniform numbers. */
  public record UniformConfig(
      @Option("the lower end of each number") double low,
      @Option("the upper end of each number") double high) {}

  private final String name;
  private final String summary;
  private final String paper;
  private final C defaults;
  private final BiFunction<C, BuildContext, TrainableDensity> maker;

  private BaseProvider(
      String name,
      String summary,
      String paper,
      C defaults,
      BiFunction<C, BuildContext, TrainableDensity> maker) {
    this.name = name;
    this.summary = summary;
    this.paper = paper;
    this.defaults = defaults;
    this.maker = maker;
  }

  /** The bases. */
  static List<BaseProvider<?>> all() {
    return List.of(
        new BaseProvider<>(
            "standard-normal",
            "independent standard normal numbers",
            "",
            new NormalConfig(),
            (config, context) -> new StandardNormal(context.eventShape())),
        new BaseProvider<>(
            "gaussian-mixture",
            "trainable mixture of Gaussians with diagonal covariances",
            "",
            new MixtureConfig(10),
            (config, context) ->
                new GaussianMixtureBase(
                    context.scope(), Vectors.dimension(context), config.components())),
        new BaseProvider<>(
            "uniform",
            "independent uniform numbers on a box, which a flow reaches by a sigmoid",
            "",
            new UniformConfig(-1, 1),
            (config, context) ->
                new UniformBase(
                    context.eventShape(), new Support.Interval(config.low(), config.high()))),
        new BaseProvider<>(
            "student-t",
            "independent Student-t numbers with trainable degrees of freedom, for heavy tails",
            "Jaini, Kobyzev, Yu, Brubaker: Tails of Lipschitz Triangular Flows, 2020",
            new StudentTConfig(10),
            (config, context) ->
                new StudentT(
                    context.scope(), Vectors.dimension(context), config.degreesOfFreedom())));
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
  public TrainableDensity create(C config, BuildContext context) {
    return maker.apply(config, context);
  }
}
