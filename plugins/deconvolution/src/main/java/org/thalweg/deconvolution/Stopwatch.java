package org.thalweg.deconvolution;

import java.time.Duration;
import java.util.Optional;
import org.thalweg.api.estimator.Checkpoints;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.random.Seed;

/** What is left of a fit's time limit, which is for all that the fit does. */
final class Stopwatch {
  private static final Duration LEAST = Duration.ofMillis(1);

  private final FitOptions options;
  private final long start = System.nanoTime();

  /** Starts now. */
  Stopwatch(FitOptions options) {
    this.options = options;
  }

  /** Seconds since the start. */
  double seconds() {
    return (System.nanoTime() - start) * 1e-9;
  }

  /** Whether the limit is reached. */
  boolean over() {
    return options
        .timeLimit()
        .map(limit -> seconds() >= limit.getSeconds() + limit.getNano() * 1e-9)
        .orElse(false);
  }

  /** The options of the fit's next part, with checkpoints of its own. */
  FitOptions left(Seed seed, Checkpoints checkpoints) {
    Optional<Duration> rest =
        options
            .timeLimit()
            .map(limit -> limit.minusNanos(System.nanoTime() - start))
            .map(time -> time.compareTo(LEAST) < 0 ? LEAST : time);
    return new FitOptions(seed, options.split(), rest, checkpoints);
  }
}
