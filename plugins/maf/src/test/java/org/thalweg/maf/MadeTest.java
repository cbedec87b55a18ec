package org.thalweg.maf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.thalweg.api.config.Choice;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Context;
import org.thalweg.api.density.Density;
import org.thalweg.api.density.TrainableDensity;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;
import org.thalweg.api.transform.Cost;
import org.thalweg.toolkit.train.ParameterStore;

class MadeTest {
  private static TrainableDensity made(Engine engine, int dimension, int context, double moved) {
    ParameterStore store = Parts.store(engine, 2);
    Choice choice = new Choice("made", Map.of("hidden", 12, "blocks", 1, "components", 3));
    TrainableDensity density =
        org.thalweg.toolkit.config.Parts.density(choice, Parts.build(store, dimension, context));
    Parts.disturb(store, moved);
    return density;
  }

  @Test
  void integratesToOne() {
    assertEquals(1, FlowsTest.integral(made(Parts.DOUBLE, 1, 0, 0.3), 1, 20_000), 1e-6);
    assertEquals(1, FlowsTest.integral(made(Parts.DOUBLE, 2, 0, 0.3), 2, 500), 1e-4);
  }

  /** Three Gaussians at -1.5, 0 and 1.5 with deviation 1, whatever came before. */
  @Test
  void aFreshOneIsItsStart() {
    TrainableDensity fresh = made(Parts.DOUBLE, 2, 0, 0);
    double[] x = {0.4, -2};
    double expected = 0;
    for (double value : x) {
      double density = 0;
      for (double mean : new double[] {-1.5, 0, 1.5}) {
        density += Math.exp(-0.5 * (value - mean) * (value - mean)) / Math.sqrt(2 * Math.PI) / 3;
      }
      expected += Math.log(density);
    }
    try (Tape tape = Parts.DOUBLE.newTape(Tape.Mode.EVALUATE)) {
      NDArray row = tape.constant(x, new Shape(1, 2));
      double[] found =
          Parts.values(
              tape, fresh.bind(Binding.evaluate(tape)).given(Context.none()).logDensity(row));
      assertEquals(expected, found[0], 0.05);
    }
  }

  @Test
  void drawsCarryTheirDensityAndFollowIt() {
    TrainableDensity density = made(Parts.DOUBLE, 1, 0, 0.5);
    int n = 20_000;
    try (Tape tape = Parts.DOUBLE.newTape(Tape.Mode.EVALUATE)) {
      Density bound = density.bind(Binding.evaluate(tape)).given(Context.none());
      assertEquals(Cost.SEQUENTIAL, bound.sampleCost());
      Density.Draw draw = bound.sampleWithLogDensity(n, new Seed(1));
      assertArrayEquals(
          Parts.values(tape, bound.logDensity(draw.value())),
          Parts.values(tape, draw.logDensity()),
          1e-9);
      double[] sorted = Parts.values(tape, draw.value());
      Arrays.sort(sorted);
      // The distribution function by the trapezium rule over the density itself.
      double step = 1e-3;
      int cells = 30_000;
      double[] grid = new double[cells];
      Arrays.setAll(grid, i -> -15 + step * i);
      double[] p =
          Parts.values(tape, bound.logDensity(tape.constant(grid, new Shape(cells, 1))).exp());
      double cdf = 0;
      double distance = 0;
      int next = 0;
      for (int i = 1; i < cells; i++) {
        cdf += 0.5 * step * (p[i - 1] + p[i]);
        while (next < n && sorted[next] <= grid[i]) {
          next++;
        }
        distance = Math.max(distance, Math.abs(cdf - (double) next / n));
      }
      assertTrue(distance < 1.95 / Math.sqrt(n), "KS distance " + distance + ", level 0.001");
    }
  }

  @Test
  void severalRowsShareAContext() {
    TrainableDensity density = made(Parts.DOUBLE, 3, 2, 0.3);
    try (Tape tape = Parts.DOUBLE.newTape(Tape.Mode.EVALUATE)) {
      Density bound = density.bind(Binding.evaluate(tape)).given(Parts.context(tape, 4, 2));
      Density.Draw draw = bound.sampleWithLogDensity(5, new Seed(1));
      assertEquals(new Shape(20, 3), draw.value().getShape());
      assertArrayEquals(
          Parts.values(tape, bound.logDensity(draw.value())),
          Parts.values(tape, draw.logDensity()),
          1e-9);
    }
  }

  @Test
  void finiteFarOutInSinglePrecision() {
    TrainableDensity density = made(Parts.SINGLE, 2, 0, 0.1);
    double[] far = {1e4, -1e4, -1e6, 1e6, 0, 1e6};
    try (Tape tape = Parts.SINGLE.newTape(Tape.Mode.EVALUATE)) {
      NDArray x = tape.constant(far, new Shape(3, 2));
      NDArray values = density.bind(Binding.evaluate(tape)).given(Context.none()).logDensity(x);
      for (double value : Parts.values(tape, values)) {
        assertTrue(Double.isFinite(value), "got " + value);
      }
    }
  }
}
