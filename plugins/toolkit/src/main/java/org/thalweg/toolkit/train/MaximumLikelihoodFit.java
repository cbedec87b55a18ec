package org.thalweg.toolkit.train;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Rows;
import org.thalweg.api.data.Schema;
import org.thalweg.api.density.TrainableDensity;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Dequantiser;
import org.thalweg.toolkit.data.Partition;
import org.thalweg.toolkit.data.Splitter;
import org.thalweg.toolkit.data.Standardiser;

/** One fit of a density by maximum likelihood: split, standardise, train, judge. */
final class MaximumLikelihoodFit {
  /** As many training rows are scored at the end, so that judging stays short beside training. */
  private static final int JUDGED_TRAINING_ROWS = 20_000;

  private static final int DIGESTED_AT_ONCE = 1024;

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
    requireFinite(data.rows());
    Engine engine = context.engine();
    Seed seed = options.seed();
    Partition parts = Splitter.split(data, options.split(), seed);
    Dataset train = data.select(parts.train());
    Standardiser standardiser = standardise.apply(train);
    requireInside(standardiser);
    ParameterStore store = new ParameterStore(engine, seed);
    TrainableDensity density = builder.build(config, data.schema(), store, context);
    ModelCard card = card(parts);
    Dataset validation = data.select(parts.validation());
    var objective = new LikelihoodObjective(engine, density, standardiser, train, validation, seed);
    warnIfUnjudged(validation, options);
    objective.initialise();
    var loop =
        new TrainingLoop(engine, store, config.training(), objective, options, listener, card);
    TrainingLoop.Result result = loop.run();
    return judge(maker.make(card, engine, store, density, standardiser), parts, store, result);
  }

  private void warnIfUnjudged(Dataset validation, FitOptions fit) {
    if (validation.size() == 0 && config.training().patience() > 0) {
      listener.on(
          new FitEvent.Warned(
              "There are no validation rows (split %s): training cannot stop early and keeps the last weights."
                  .formatted(fit.split())));
    }
  }

  /** What checkpoints carry: everything that must be the same for a fit to go on. */
  private ModelCard card(Partition parts) {
    CRC32 crc = new CRC32();
    digest(crc, data.rows().features().values());
    digest(crc, data.rows().context().values());
    data.rows().weights().ifPresent(weights -> digest(crc, weights));
    TreeMap<String, Double> metrics = new TreeMap<>();
    metrics.put("data_crc32", (double) crc.getValue());
    metrics.put("train_rows", (double) parts.train().length);
    metrics.put("validation_rows", (double) parts.validation().length);
    metrics.put("test_rows", (double) parts.test().length);
    return new ModelCard(
        name,
        config,
        data.schema(),
        options.seed().value(),
        context.engine().name() + " " + context.engine().dataType(),
        metrics);
  }

  private static void digest(CRC32 crc, double[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * DIGESTED_AT_ONCE);
    for (int from = 0; from < values.length; from += DIGESTED_AT_ONCE) {
      bytes.clear();
      for (int i = from; i < Math.min(values.length, from + DIGESTED_AT_ONCE); i++) {
        bytes.putDouble(values[i]);
      }
      crc.update(bytes.flip());
    }
  }

  private DensityModel judge(
      DensityModel model, Partition parts, ParameterStore store, TrainingLoop.Result result) {
    int[] some =
        Arrays.stream(Splitter.shuffled(parts.train().length, options.seed().child("judged")))
            .limit(JUDGED_TRAINING_ROWS)
            .map(i -> parts.train()[i])
            .toArray();
    ModelCard card =
        model
            .card()
            .withMetric("parameters", store.size())
            .withMetric("seconds", result.seconds())
            .withMetric("steps", result.steps());
    if (some.length < parts.train().length) {
      card = card.withMetric("train_judged_rows", some.length);
    }
    card = judge(model, card, "train", some);
    card = judge(model, card, "validation", parts.validation());
    card = judge(model, card, "test", parts.test());
    return model.with(card);
  }

  /** Adds the weighted mean log-density of some rows, dequantised, and its standard error. */
  private ModelCard judge(DensityModel model, ModelCard card, String part, int[] indices) {
    Rows some = data.rows().select(indices);
    if (indices.length == 0 || some.weights().map(MaximumLikelihoodFit::allZero).orElse(false)) {
      return card;
    }
    Seed noise = options.seed().child("judge").child(part);
    Rows rows = Dequantiser.apply(some, data.schema(), noise);
    double[] values = model.logDensity(model.densities().get(0), rows, noise).values();
    int n = values.length;
    double[] weights = LikelihoodObjective.normalised(rows);
    double mean = IntStream.range(0, n).mapToDouble(i -> weights[i] * values[i]).sum() / n;
    double sum =
        IntStream.range(0, n).mapToDouble(i -> square(weights[i] * (values[i] - mean))).sum();
    FarRows.warning(part, mean, values).map(FitEvent.Warned::new).ifPresent(listener::on);
    ModelCard judged = card.withMetric(part + "_log_density", mean);
    return n < 2
        ? judged
        : judged.withMetric(part + "_standard_error", Math.sqrt(sum / (n - 1) / n));
  }

  private static boolean allZero(double[] weights) {
    return Arrays.stream(weights).allMatch(weight -> weight == 0);
  }

  private static double square(double value) {
    return value * value;
  }

  /** Validation and test rows keep the bounds of their columns too. */
  private void requireInside(Standardiser standardiser) {
    boolean[] usable = standardiser.screen(data.rows(), data.schema()).usable();
    for (int i = 0; i < usable.length; i++) {
      if (!usable[i]) {
        throw ThalwegException.usage(
            "Usable row %d lies at or outside the bounds of a column: %s. Correct the value, or "
                + "widen the bounds.",
            i + 1, values(data.rows(), i));
      }
    }
  }

  private static void requireFinite(Rows rows) {
    for (int i = 0; i < rows.size(); i++) {
      if (!rows.features().finite(i) || !rows.context().finite(i)) {
        throw ThalwegException.usage(
            "Row %d holds a number that is not finite: %s. Leave such rows out before fitting.",
            i + 1, values(rows, i));
      }
    }
  }

  /** A row as it is shown: features, then context. */
  private static String values(Rows rows, int i) {
    String features = Arrays.toString(rows.features().row(i));
    return rows.context().columns() == 0
        ? features
        : features + " given " + Arrays.toString(rows.context().row(i));
  }
}
