package org.thalweg.toolkit.train;

import java.util.function.Function;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Schema;
import org.thalweg.api.density.TrainableDensity;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Standardiser;

/** One fit of a density by maximum likelihood: split, standardise, train, judge. */
final class MaximumLikelihoodFit {
  /** Builds the density's parts, with their parameters in the store. */
  @FunctionalInterface
  interface Builder {
    TrainableDensity build(
        MaximumLikelihoodConfig config,
        Schema schema,
        ParameterStore store,
        EstimatorContext context);
  }

  /** Makes the model of what was built and trained. */
  @FunctionalInterface
  interface Maker {
    DensityModel make(
        ModelCard card,
        Engine engine,
        ParameterStore store,
        TrainableDensity density,
        Standardiser standardiser);
  }

  private final String name;
  private final MaximumLikelihoodConfig config;
  private final Builder builder;
  private final Maker maker;
  private final Function<Dataset, Standardiser> standardise;
  private final EstimatorContext context;
  private final Dataset data;
  private final FitOptions options;
  private final FitListener listener;

  MaximumLikelihoodFit(
      String name,
      MaximumLikelihoodConfig config,
      Builder builder,
      Maker maker,
      Function<Dataset, Standardiser> standardise,
      EstimatorContext context,
      Dataset data,
      FitOptions options,
      FitListener listener) {
    this.name = name;
    this.config = config;
    this.builder = builder;
    this.maker = maker;
    this.standardise = standardise;
    this.context = context;
    this.data = data;
    this.options = options;
    this.listener = listener;
  }

  DensityModel run() {
    FitTable table = new FitTable(data, options);
    Engine engine = context.engine();
    Seed seed = options.seed();
    Dataset train = table.train();
    Standardiser standardiser = standardise.apply(train);
    table.requireInside(standardiser);
    ParameterStore store = new ParameterStore(engine, seed);
    TrainableDensity density = builder.build(config, data.schema(), store, context);
    ModelCard card = table.card(name, config, engine);
    Dataset validation = table.validation();
    var objective = new LikelihoodObjective(engine, density, standardiser, train, validation, seed);
    table.warnOfNoValidation(listener, config.training());
    objective.initialise();
    var loop =
        new TrainingLoop(engine, store, config.training(), objective, options, listener, card);
    TrainingLoop.Result result = loop.run();
    DensityModel model = maker.make(card, engine, store, density, standardiser);
    ModelCard trained =
        card.withMetric("parameters", store.size())
            .withMetric("seconds", result.seconds())
            .withMetric("steps", result.steps());
    return model.with(
        table.judged(
            trained,
            listener,
            (rows, noise) -> model.logDensity(model.densities().get(0), rows, noise).values()));
  }
}
