package org.thalweg.app.fit;

import java.time.Duration;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitListener;

/** Times the steps of a fit after a warm-up, and ends the fit when there are enough of them. */
final class StepClock implements FitListener {
  private static final long ENOUGH = Duration.ofSeconds(3).toNanos();

  /** After this a few slow steps have to do. */
  private static final long PATIENCE = Duration.ofSeconds(30).toNanos();

  /** The first steps compile kernels and allocate. */
  private static final int WARM_UP = 10;

  private static final int WARM_UP_OF_SLOW = 1;

  private final LongSupplier time;
  private final long start;
  private final long[] ends = new long[1 << 16];
  private int steps;

  /** Starts at once, by a clock of nanoseconds. */
  StepClock(LongSupplier time) {
    this.time = time;
    this.start = time.getAsLong();
  }

  @Override
  public void on(FitEvent event) {
    if (event instanceof FitEvent.Stepped && steps < ends.length) {
      ends[steps++] = time.getAsLong();
    }
  }

  @Override
  public boolean interrupted() {
    long passed = time.getAsLong() - start;
    return steps == ends.length
        || (timed(WARM_UP) && passed > ENOUGH)
        || (timed(WARM_UP_OF_SLOW) && passed > PATIENCE);
  }

  /** Steps a second; empty where the fit ended before there were enough. */
  OptionalDouble rate() {
    if (timed(WARM_UP)) {
      return since(WARM_UP);
    }
    boolean slow = timed(WARM_UP_OF_SLOW) && ends[steps - 1] - start > PATIENCE;
    return slow ? since(WARM_UP_OF_SLOW) : OptionalDouble.empty();
  }

  /** Whether a step was timed after so many, and after the one that starts the clock. */
  private boolean timed(int warmUp) {
    return steps > warmUp + 1;
  }

  private OptionalDouble since(int warmUp) {
    double seconds = (ends[steps - 1] - ends[warmUp]) * 1e-9;
    return OptionalDouble.of((steps - 1 - warmUp) / Math.max(seconds, 1e-9));
  }
}
