package org.thalweg.app.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.DataType;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.Estimator;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.plugin.Registry;

class FitTrialTest {
  private static final Dataset DATA = Dataset.of(Matrix.zeros(30_000, 1));

  private static OptionalDouble rate(Estimator estimator) {
    Function<EstimatorContext, Estimator> made = context -> estimator;
    try (Engine engine = Engines.open("cpu", new EngineOptions(1, DataType.FLOAT32))) {
      return new FitTrial("made", made, Registry.builder().build(), DATA, FitOptions.seed(1))
          .rate(engine);
    }
  }

  @Test
  void stepsAreCountedUntilTheTrialIsOver() {
    AtomicInteger rows = new AtomicInteger();
    OptionalDouble rate =
        rate(
            (data, options, listener) -> {
              rows.set(data.size());
              for (long step = 1; !listener.interrupted(); step++) {
                sleep(20);
                listener.on(new FitEvent.Stepped(step, 0, 1));
              }
              throw new ThalwegException(ExitCode.INTERRUPTED, "stopped");
            });
    // A step takes 20 ms, or somewhat more on a busy machine, never less.
    assertTrue(rate.orElseThrow() <= 50 && rate.orElseThrow() > 5, rate.toString());
    assertEquals(20_000, rows.get());
  }

  @Test
  void anEstimatorWithoutStepsHasNoRate() {
    OptionalDouble rate =
        rate(
            (data, options, listener) -> {
              throw new ThalwegException(ExitCode.INTERRUPTED, "stopped");
            });
    assertTrue(rate.isEmpty());
  }

  private static void sleep(int milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
