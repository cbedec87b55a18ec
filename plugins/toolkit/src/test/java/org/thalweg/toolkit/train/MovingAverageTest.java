package org.thalweg.toolkit.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;
import org.thalweg.api.density.Initializer;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;

class MovingAverageTest {
  private final Engine engine = Engines.open("cpu", new EngineOptions(1, DataType.FLOAT64));
  private final ParameterStore store = new ParameterStore(engine, new Seed(1));
  private final Parameter weight = store.parameter("weight", new Shape(1), Initializer.repeat(4));

  private double seen() {
    try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
      NDArray now = tape.parameter(weight);
      return engine.hostView(now).toDoubles()[0];
    }
  }

  @Test
  void itLagsBehindTheWeights() {
    MovingAverage average = new MovingAverage(engine, store, 0.5);
    // Kept: (1 + 1) / (10 + 1), then 3 / 12, both below the decay of 1 / 2.
    double expected = 4;
    for (int n = 1; n <= 2; n++) {
      weight.write(new double[] {4 + n});
      average.add();
      double keep = (1.0 + n) / (10 + n);
      expected = keep * expected + (1 - keep) * (4 + n);
    }
    double[] inside = new double[1];
    average.with(() -> inside[0] = seen());
    assertEquals(expected, inside[0], 1e-14);
    assertEquals(6, seen(), "the weights come back");
  }

  @Test
  void aRestartInsideStays() {
    MovingAverage average = new MovingAverage(engine, store, 0.9);
    weight.write(new double[] {9});
    average.add();
    average.with(
        () -> {
          weight.write(new double[] {1});
          average.restart();
        });
    assertEquals(1, seen(), "the restored weights are kept");
    double[] inside = new double[1];
    average.with(() -> inside[0] = seen());
    assertEquals(1, inside[0]);
  }

  @Test
  void withoutDecayItIsTheWeights() {
    MovingAverage average = new MovingAverage(engine, store, 0);
    weight.write(new double[] {7});
    average.add();
    double[] inside = new double[1];
    average.with(() -> inside[0] = seen());
    assertArrayEquals(new double[] {7}, inside);
  }
}
