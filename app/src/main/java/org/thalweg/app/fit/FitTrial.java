package org.thalweg.app.fit;

import java.time.Duration;
import java.util.Arrays;
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
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitListener;
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
  private static final long NANOS = Duration.ofSeconds(3).toNanos();

  /** The first steps compile kernels and allocate. */
  private static final int WARM_UP = 10;

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
    Clock clock = new Clock();
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

  /** Times steps after the warm-up. */
  private static final class Clock implements FitListener {
    private final long[] ends = new long[1 << 16];
    private final long start = System.nanoTime();
    private int steps;

    @Override
    public void on(FitEvent event) {
      if (event instanceof FitEvent.Stepped) {
        ends[steps++] = System.nanoTime();
      }
    }

    @Override
    public boolean interrupted() {
      return steps == ends.length || (steps > WARM_UP + 1 && System.nanoTime() - start > NANOS);
    }

    OptionalDouble rate() {
      if (steps <= WARM_UP + 1) {
        return OptionalDouble.empty();
      }
      long[] timed = Arrays.copyOfRange(ends, WARM_UP, steps);
      double seconds = (timed[timed.length - 1] - timed[0]) * 1e-9;
      return OptionalDouble.of((timed.length - 1) / Math.max(seconds, 1e-9));
    }
  }
}
