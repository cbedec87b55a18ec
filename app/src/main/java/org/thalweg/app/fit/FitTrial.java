package org.thalweg.app.fit;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.Checkpoints;
import org.thalweg.api.estimator.Estimator;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.plugin.Registry;
import org.thalweg.app.wiring.EngineTrial;

/**
 * Counts the training steps that a fit takes a second on an engine, for a few seconds.
 *
 * @param work the estimator's name and options
 */
record FitTrial(
    String work,
    Function<EstimatorContext, Estimator> estimator,
    Registry registry,
    Dataset data,
    FitOptions options)
    implements EngineTrial {
  private static final int MOST_ROWS = 20_000;

  @Override
  public Optional<String> shape() {
    return Optional.of(
        "%s, %d rows, %d features, %d contexts"
            .formatted(
                work,
                Math.min(data.size(), MOST_ROWS),
                data.schema().features().size(),
                data.schema().contexts().size()));
  }

  @Override
  public OptionalDouble rate(Engine engine) {
    Dataset some =
        data.size() > MOST_ROWS ? data.select(IntStream.range(0, MOST_ROWS).toArray()) : data;
    StepClock clock = new StepClock(System::nanoTime);
    FitOptions trial =
        new FitOptions(options.seed(), options.split(), Optional.empty(), Checkpoints.NONE);
    try {
      estimator.apply(new EstimatorContext(engine, registry)).fit(some, trial, clock).close();
    } catch (ThalwegException e) {
      if (e.exitCode() != ExitCode.INTERRUPTED) {
        throw e;
      }
    }
    return clock.rate();
  }
}
