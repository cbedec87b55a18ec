package org.thalweg.toolkit.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Context;
import org.thalweg.api.density.Density;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.train.ParameterStore;

class StudentTTest {
  private static final Engine SINGLE = Engines.open("cpu", new EngineOptions(1, DataType.FLOAT32));
  private static final Engine DOUBLE = Engines.open("cpu", new EngineOptions(1, DataType.FLOAT64));

  private record Base(ParameterStore store, StudentT density) {
    static Base of(Engine engine, int dimension, double degrees) {
      ParameterStore store = new ParameterStore(engine, new Seed(0));
      return new Base(store, new StudentT(store, dimension, degrees));
    }

    Density on(Tape tape) {
      return density.bind(Binding.evaluate(tape)).given(Context.none());
    }
  }

  private static double[] logDensity(Engine engine, double degrees, double... x) {
    Base base = Base.of(engine, 1, degrees);
    try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
      NDArray rows = tape.constant(x, new Shape(x.length, 1));
      return engine.hostView(base.on(tape).logDensity(rows)).toDoubles();
    }
  }

  @Test
  void threeDegreesAreTheClosedForm() {
    double[] x = {0, 0.1, -1, 2.5, 40, 1e6};
    double[] values = logDensity(DOUBLE, 3, x);
    for (int i = 0; i < x.length; i++) {
      double expected = Math.log(6 * Math.sqrt(3) / Math.PI) - 2 * Math.log(3 + x[i] * x[i]);
      assertEquals(expected, values[i], 1e-9, "at " + x[i]);
    }
  }

  @Test
  void manyDegreesAreNormal() {
    double[] values = logDensity(DOUBLE, 1e6, 0, 1, -2);
    double[] squares = {0, 1, 4};
    for (int i = 0; i < 3; i++) {
      assertEquals(-0.5 * (squares[i] + Math.log(2 * Math.PI)), values[i], 1e-5);
    }
  }

  @Test
  void farTailsAreFiniteInSinglePrecision() {
    for (double value : logDensity(SINGLE, 1.5, 1e10, -1e30, 3e38, 1e-30)) {
      assertTrue(Double.isFinite(value), "got " + value);
    }
  }

  @Test
  void theGradientByTheDegreesIsThatOfADifference() {
    double[] x = {0.3, -2, 7};
    Base base = Base.of(DOUBLE, 1, 4);
    double gradient;
    try (Tape tape = DOUBLE.newTape(Tape.Mode.FIRST_ORDER)) {
      tape.backward(base.on(tape).logDensity(tape.constant(x, new Shape(3, 1))).sum());
      gradient = DOUBLE.hostView(tape.gradient(base.store.trainable().get(0))).toDoubles()[0];
    }
    double h = 1e-5;
    // The parameter is before a softplus, whose derivative is 1 - exp(-(nu - 1)).
    double byDegrees =
        (Arrays.stream(logDensity(DOUBLE, 4 + h, x)).sum()
                - Arrays.stream(logDensity(DOUBLE, 4 - h, x)).sum())
            / (2 * h);
    assertEquals(byDegrees * -Math.expm1(-3), gradient, 1e-7);
  }

  /** Kolmogorov-Smirnov against the closed form of three degrees; n = 20,000, level 0.001. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void drawsFollowTheDistribution(long seed) {
    int n = 20_000;
    Base base = Base.of(SINGLE, 2, 3);
    try (Tape tape = SINGLE.newTape(Tape.Mode.EVALUATE)) {
      Density.Draw draw = base.on(tape).sampleWithLogDensity(n, new Seed(seed));
      double[] values = SINGLE.hostView(draw.value()).toDoubles();
      for (int column = 0; column < 2; column++) {
        int of = column;
        double[] sorted = new double[n];
        Arrays.setAll(sorted, i -> values[2 * i + of]);
        Arrays.sort(sorted);
        double distance = 0;
        for (int i = 0; i < n; i++) {
          double t = sorted[i] / Math.sqrt(3);
          double cdf = 0.5 + (t / (1 + t * t) + Math.atan(t)) / Math.PI;
          distance = Math.max(distance, Math.max(cdf - (double) i / n, (i + 1.0) / n - cdf));
        }
        assertTrue(distance < 1.95 / Math.sqrt(n), "column " + column + ": " + distance);
      }
    }
  }
}
