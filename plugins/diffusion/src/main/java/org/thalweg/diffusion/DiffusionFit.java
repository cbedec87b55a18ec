package org.thalweg.diffusion;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.estimator.Checkpoints;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.api.estimator.ModelWriter;
import org.thalweg.toolkit.data.PixelValues;
import org.thalweg.toolkit.data.Standardiser;
import org.thalweg.toolkit.train.FitTable;
import org.thalweg.toolkit.train.Training;
import org.thalweg.toolkit.train.TrainingLoop;

/** One fit: the score by denoising, then the noise of variational dequantisation, then judging. */
final class DiffusionFit {
  /** In checkpoints of the second training only. */
  private static final String SECOND = "dequantiser_training";

  private final String name;
  private final DiffusionConfig config;
  private final EstimatorContext context;
  private final Dataset data;
  private final FitOptions options;
  private final FitListener listener;

  DiffusionFit(
      String name,
      DiffusionConfig config,
      EstimatorContext context,
      Dataset data,
      FitOptions options,
      FitListener listener) {
    this.name = name;
    this.config = config;
    this.context = context;
    this.data = data;
    this.options = options;
    this.listener = listener;
  }

  DiffusionModel run() {
    FitTable table = new FitTable(data, options);
    Dataset train = table.train();
    Dataset validation = table.validation();
    table.warnOfNoValidation(listener, config.training());
    table.warnOfWholeNumbers(listener);
    Standardiser standardiser = standardise(train);
    table.requireInside(standardiser);
    Parts parts =
        new Parts(
            config,
            data.schema(),
            standardiser,
            Steps.origins(train),
            context,
            options.seed().value());
    ModelCard card = table.card(name, config, context.engine());
    Optional<ModelReader> second =
        options.checkpoints().latest().filter(reader -> reader.values().containsKey(SECOND));
    double seconds = 0;
    long steps = 0;
    if (second.isPresent()) {
      parts.store().load(second.get());
      seconds = ((Number) second.get().values().get("first_seconds")).doubleValue();
      steps = ((Number) second.get().values().get("first_steps")).longValue();
    } else {
      var objective = new DenoisingObjective(parts, train, validation, options.seed());
      TrainingLoop.Result result =
          new TrainingLoop(
                  context.engine(),
                  parts.store(),
                  config.training(),
                  config.average(),
                  objective,
                  options,
                  listener,
                  card)
              .run();
      seconds = result.seconds();
      steps = result.steps();
    }
    if (parts.noise().isPresent()) {
      var result = second(parts, parts.noise().get(), train, validation, card, seconds, steps);
      seconds += result.seconds();
      steps += result.steps();
    }
    return judged(parts, card, table, seconds, steps);
  }

  private TrainingLoop.Result second(
      Parts parts,
      VariationalNoise noise,
      Dataset train,
      Dataset validation,
      ModelCard card,
      double seconds,
      long steps) {
    Training first = config.training();
    Training training = first.withLength(1_000_000, config.dequantisation().dequantiserSteps());
    var objective = new DequantiserObjective(parts, noise, train, validation, options.seed());
    Checkpoints checkpoints =
        new Checkpoints() {
          @Override
          public Optional<ModelReader> latest() {
            return options
                .checkpoints()
                .latest()
                .filter(reader -> reader.values().containsKey(SECOND));
          }

          @Override
          public void save(ModelCard label, Consumer<ModelWriter> state) {
            options
                .checkpoints()
                .save(
                    label,
                    writer -> {
                      writer.value(SECOND, true);
                      writer.value("first_seconds", seconds);
                      writer.value("first_steps", steps);
                      parts.store().save(writer);
                      state.accept(writer);
                    });
          }
        };
    boolean keep = options.checkpoints() != Checkpoints.NONE;
    return new TrainingLoop(
            context.engine(),
            noise.store(),
            training,
            objective,
            options.withCheckpoints(keep ? checkpoints : Checkpoints.NONE),
            listener,
            card)
        .run();
  }

  /** Pixels share one scale, so that the noise is the same for all of them. */
  private Standardiser standardise(Dataset train) {
    if (!config.pixels()) {
      return Standardiser.fit(train);
    }
    double[] x = train.rows().features().values();
    double mean = Arrays.stream(x).average().orElse(0);
    double variance = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).average().orElse(0);
    // A step of 1 is spread uniformly, which adds a variance of 1/12.
    return Standardiser.common(train, mean, Math.sqrt(variance + 1.0 / 12));
  }

  private DiffusionModel judged(
      Parts parts, ModelCard card, FitTable table, double seconds, long steps) {
    long parameters =
        parts.store().size() + parts.noise().map(noise -> noise.store().size()).orElse(0L);
    ModelCard trained =
        card.withMetric("parameters", parameters)
            .withMetric("seconds", seconds)
            .withMetric("steps", steps);
    DiffusionModel model = new DiffusionModel(trained, parts);
    LogDensity.Named standard = model.densities().get(0);
    ModelCard out =
        table.judged(
            trained,
            listener,
            (rows, seed) -> model.logDensity(standard, rows, seed).values(),
            config.scoring().judged());
    return model.with(config.pixels() ? PixelValues.withBitsPerDimension(out) : out);
  }
}
