package org.thalweg.vi;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.thalweg.api.config.Choice;
import org.thalweg.api.density.BuildContext;
import org.thalweg.api.density.TrainableDensity;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.api.inference.Inference;
import org.thalweg.api.inference.InferenceProvider;
import org.thalweg.api.inference.LogDensityProblem;
import org.thalweg.api.inference.Posterior;
import org.thalweg.api.inference.Problem;
import org.thalweg.api.random.Seed;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.toolkit.config.Parts;
import org.thalweg.toolkit.flow.FlowDensity;
import org.thalweg.toolkit.flow.StandardNormal;
import org.thalweg.toolkit.infer.RealMap;

/**
 * Registers variational inference with one kind of approximation.
 *
 * @param <C> its options
 */
public final class VariationalProvider<C extends Record> implements InferenceProvider<C> {
  private static final String MORE_FLEXIBLE = "Try vi-flow, more restarts, or more steps.";

  private static final String OTHER_FLOW =
      "Try a larger flow, flow.base=student-t for heavy tails, annealing=0.5 with more"
          + " restarts for modes far apart, or other parameters for the model.";

  private final String name;
  private final String summary;
  private final String paper;
  private final C defaults;
  private final Function<C, VariationalFit.Settings> settings;

  private VariationalProvider(
      String name,
      String summary,
      String paper,
      C defaults,
      Function<C, VariationalFit.Settings> settings) {
    this.name = name;
    this.summary = summary;
    this.paper = paper;
    this.defaults = defaults;
    this.settings = settings;
  }

  /** The four methods. */
  public static List<VariationalProvider<?>> all() {
    return List.of(
        new VariationalProvider<>(
            "advi",
            "normal approximation on the reals, mean-field or full-rank",
            "Kucukelbir, Tran, Ranganath, Gelman, Blei: Automatic Differentiation Variational"
                + " Inference, 2017",
            AdviConfig.DEFAULT,
            VariationalProvider::normal),
        layered("vi-planar", "planar", "normal that is bent along K directions"),
        layered("vi-radial", "radial", "normal that is pulled to or from K centres"),
        new VariationalProvider<>(
            "vi-flow",
            "any flow that draws in one pass",
            "Rezende, Mohamed: Variational Inference with Normalizing Flows, 2015; Kingma and"
                + " others: Inverse Autoregressive Flow, 2016",
            FlowConfig.DEFAULT,
            config ->
                new VariationalFit.Settings(
                    context -> Parts.density(config.flow(), context.child("flow")),
                    config.axes(),
                    config.fitting(),
                    OTHER_FLOW)));
  }

  private static VariationalProvider<LayersConfig> layered(
      String name, String transform, String summary) {
    return new VariationalProvider<>(
        name,
        summary,
        "Rezende, Mohamed: Variational Inference with Normalizing Flows, 2015, section 4; Segonne:"
            + " Variational Inference using Normalizing Flows, section IV",
        LayersConfig.DEFAULT,
        config ->
            new VariationalFit.Settings(
                context -> layers(transform, config.layers(), context),
                config.axes(),
                config.fitting(),
                MORE_FLEXIBLE));
  }

  private static VariationalFit.Settings normal(AdviConfig config) {
    boolean full = config.covariance() == AdviConfig.Covariance.FULL_RANK;
    return new VariationalFit.Settings(
        context -> normal(config.covariance(), context),
        full ? Axes.SHEARED : Axes.KEPT,
        config.fitting(),
        full
            ? MORE_FLEXIBLE
            : "Try covariance=full-rank, vi-flow, or other parameters for the model, such as"
                + " non-centred ones.");
  }

  private static TrainableDensity normal(AdviConfig.Covariance covariance, BuildContext context) {
    List<TrainableTransform> transforms = new ArrayList<>();
    transforms.add(new LocationScale(context.scope(), context.eventSize()));
    if (covariance == AdviConfig.Covariance.FULL_RANK) {
      transforms.add(new TriangularScale(context.scope(), context.eventSize()));
    }
    return new FlowDensity(context, transforms, new StandardNormal(context.eventShape()));
  }

  private static TrainableDensity layers(String transform, int count, BuildContext context) {
    List<TrainableTransform> transforms = new ArrayList<>();
    for (int k = 0; k < count; k++) {
      transforms.add(Parts.transform(Choice.of(transform), context.child("layer" + k)));
    }
    transforms.add(new LocationScale(context.scope(), context.eventSize()));
    return new FlowDensity(context, transforms, new StandardNormal(context.eventShape()));
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
  public Class<? extends Problem> problemType() {
    return LogDensityProblem.class;
  }

  @Override
  public Inference create(C config, EstimatorContext context) {
    return new VariationalFit(name, config, settings.apply(config), context);
  }

  @Override
  @SuppressWarnings("unchecked") // a card's config has the type of the provider's defaults
  public Posterior load(Problem problem, ModelReader reader, EstimatorContext context) {
    int dimension = new RealMap(problem.parameters()).reals();
    C config = (C) reader.card().config();
    Frame frame = Frame.load(reader, dimension);
    if (frame.dimension() != dimension) {
      throw ThalwegException.data(
          "The posterior in the file has %d reals, problem '%s' has %d: it belongs to another.",
          frame.dimension(), problem.name(), dimension);
    }
    Approximation approximation =
        Approximation.build(
            settings.apply(config).family(),
            frame,
            context.engine(),
            context.registry(),
            new Seed(reader.card().seed()));
    approximation.store().load(reader);
    return new VariationalPosterior(
        problem, approximation, VariationalPosterior.diagnostics(reader));
  }
}
