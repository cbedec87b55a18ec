package org.thalweg.api.estimator;

import java.time.Duration;
import java.util.Optional;
import org.thalweg.api.random.Seed;

/**
 * What every fit takes, whichever estimator; learning rates and the like are the config's.
 *
 * @param seed the origin of all randomness
 * @param split how the rows are divided
 * @param timeLimit when to stop and keep the best so far
 * @param checkpoints where state is kept
 */
public record FitOptions(
    Seed seed, Split split, Optional<Duration> timeLimit, Checkpoints checkpoints) {
  /** The default split, no time limit, no checkpoints. */
  public static FitOptions seed(long seed) {
    return new FitOptions(new Seed(seed), Split.DEFAULT, Optional.empty(), Checkpoints.NONE);
  }

  /** The same with another split. */
  public FitOptions withSplit(Split other) {
    return new FitOptions(seed, other, timeLimit, checkpoints);
  }

  /** The same with a time limit. */
  public FitOptions withTimeLimit(Duration limit) {
    return new FitOptions(seed, split, Optional.of(limit), checkpoints);
  }

  /** The same with checkpoints. */
  public FitOptions withCheckpoints(Checkpoints other) {
    return new FitOptions(seed, split, timeLimit, other);
  }
}
