package org.thalweg.toolkit.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.thalweg.api.density.Initializer;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.random.Seed;

class ParameterStoreTest {
  /** Nothing of the size is allocated, masks neither: the refusal comes with the declaration. */
  @ParameterizedTest
  @CsvSource({
    "FLOAT32,  72000000,         0, 2016000000",
    "FLOAT64,  63000000,         0, 2016000000",
    "FLOAT64,  32000000, 124000000, 2016000000",
    "FLOAT32,       100, 600000000, 2400003136",
  })
  void aModelWhoseCheckpointIsTooLargeForAFileIsRefusedWhenItIsDeclared(
      DataType type, long weights, long constants, long bytes) {
    try (Engine engine = Engines.open("cpu", new EngineOptions(1, type))) {
      ParameterStore store = new ParameterStore(engine, new Seed(0));
      ThalwegException e =
          assertThrows(
              ThalwegException.class,
              () -> {
                store.parameter("w", new Shape(weights), Initializer.ZEROS);
                store.buffer("b", new Shape(constants), Initializer.ZEROS);
              });
      assertEquals(ExitCode.USAGE, e.exitCode());
      assertTrue(
          e.getMessage().contains(weights + " parameters")
              && e.getMessage().contains(bytes + " bytes"),
          e.getMessage());
    }
  }

  /** 56 million weights of 28 bytes fit, of 36 bytes they do not. */
  @Test
  void aMovingAverageCountsToo() {
    try (Engine engine = Engines.open("cpu", new EngineOptions(1, DataType.FLOAT32))) {
      ParameterStore store = new ParameterStore(engine, new Seed(0));
      store.parameter("w", new Shape(56_000_000), Initializer.ZEROS);
      ThalwegException e = assertThrows(ThalwegException.class, store::keepAverage);
      assertTrue(e.getMessage().contains("2016000000 bytes"), e.getMessage());
    }
  }
}
