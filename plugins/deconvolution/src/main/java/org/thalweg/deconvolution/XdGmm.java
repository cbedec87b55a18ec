package org.thalweg.deconvolution;

import java.util.Optional;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Rows;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Dequantiser;
import org.thalweg.toolkit.data.Splitter;
import org.thalweg.toolkit.data.Standardiser;
import org.thalweg.toolkit.train.FitTable;
import org.thalweg.toolkit.train.Workers;

/** One fit by extreme deconvolution: divide, standardise, search, judge. */
final class XdGmm {
  private final String name;
  private final XdGmmConfig config;
  private final Engine engine;

  XdGmm(String name, XdGmmConfig config, Engine engine) {
    this.name = name;
    this.config = config;
    this.engine = engine;
  }

  XdGmmModel fit(Dataset data, FitOptions options, FitListener listener) {
    if (!data.schema().contexts().isEmpty()) {
      throw ThalwegException.usage(
          "Estimator '%s' takes no context columns. Choose 'deconv-flow', or leave '%s' out.",
          name, data.schema().contexts().get(0).name());
    }
    Errors errors = Errors.of(config.errors(), data.schema(), Soundness.SEMI_DEFINITE);
    FitTable table = FitTable.withMissing(data, options);
    table.warnOfWholeNumbers(listener);
    Seed seed = options.seed();
    Dataset train = table.train();
    Standardiser standardiser = Standardiser.observed(train);
    errors.of(data.rows(), standardiser).require(listener);
    NoisyRows noisy = errors.of(spread(train, seed.child("dequantise")), standardiser);
    if (config.components() > noisy.size()) {
      throw ThalwegException.usage(
          "%d Gaussians cannot be fitted to %d training rows: take fewer components.",
          config.components(), noisy.size());
    }
    double[] weights = FitTable.normalised(train.rows());
    Dataset validation = table.validation();
    ModelCard card = table.card(name, config, engine);
    try (Workers workers = new Workers(engine.parallelism())) {
      int[] order = Splitter.shuffled(noisy.size(), seed.child("blocks"));
      Em em = new Em(RowBlock.of(noisy, weights, order), workers);
      Optional<Em> held =
          validation.size() == 0
              ? Optional.empty()
              : Optional.of(held(validation, errors, standardiser, seed, workers));
      listener.on(
          new FitEvent.Started(
              noisy.size(), validation.size(), parameters(data.schema().features().size()), 0));
      XdState result =
          new XdSearch(
                  config,
                  noisy,
                  em,
                  held,
                  FitTable.normalised(validation.rows()),
                  options,
                  listener,
                  card,
                  engine.parallelism())
              .run();
      Mixture mixture = result.best.orElseThrow();
      ModelCard fitted =
          card.withMetric("parameters", mixture.freeParameters())
              .withMetric("components", mixture.components())
              .withMetric("seconds", result.seconds)
              .withMetric("steps", result.steps);
      for (double[] tried : result.history) {
        fitted = fitted.withMetric("score_of_%d".formatted((int) tried[0]), tried[3]);
      }
      XdGmmModel model = new XdGmmModel(fitted, mixture, standardiser, engine.parallelism());
      return model.with(
          table.judged(
              fitted,
              listener,
              (rows, noise) -> model.logDensity(model.density("observed"), rows, noise).values()));
    }
  }

  private static Rows spread(Dataset data, Seed seed) {
    return Dequantiser.apply(data.rows(), data.schema(), seed);
  }

  private static Em held(
      Dataset validation, Errors errors, Standardiser standardiser, Seed seed, Workers workers) {
    NoisyRows rows = errors.of(spread(validation, seed.child("validation")), standardiser);
    return new Em(
        RowBlock.of(
            rows,
            RowBlock.ones(rows.size()),
            java.util.stream.IntStream.range(0, rows.size()).toArray()),
        workers);
  }

  private long parameters(int d) {
    long k = config.components() > 0 ? config.components() : config.mostComponents();
    return k - 1 + k * d + k * d * (d + 1) / 2;
  }
}
