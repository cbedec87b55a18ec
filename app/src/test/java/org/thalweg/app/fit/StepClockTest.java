package org.thalweg.app.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.thalweg.api.estimator.FitEvent;

/** By a clock that the test sets. */
class StepClockTest {
  private long now;
  private final StepClock clock = new StepClock(() -> now);

  /** The first step takes longer; returns how many were taken. */
  private int run(double first, double seconds, int most) {
    int steps = 0;
    while (steps < most && !clock.interrupted()) {
      now += (long) (1e9 * (steps == 0 ? first : seconds));
      clock.on(new FitEvent.Stepped(++steps, 0, 1));
    }
    return steps;
  }

  @ParameterizedTest
  @CsvSource({
    "2, 0.01, 102, 100", // more than three seconds, of which the first step takes two
    "2, 0.5, 12, 2", // at least so many
    "9, 4, 7, 0.25", // more than thirty seconds
    "100, 50, 3, 0.02" // no fewer than this
  })
  void aFitIsTimedAfterItsWarmUp(double first, double seconds, int steps, double rate) {
    assertEquals(steps, run(first, seconds, 1000));
    assertEquals(rate, clock.rate().orElseThrow(), 1e-6 * rate);
  }

  @Test
  void aFitThatEndsBeforeIsNotTimed() {
    assertEquals(11, run(0.1, 0.1, 11));
    assertEquals(OptionalDouble.empty(), clock.rate());
  }

  @Test
  void veryManyStepsAreEnough() {
    assertEquals(1 << 16, run(0, 0, 1 << 17));
  }
}
