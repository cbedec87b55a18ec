package org.thalweg.toolkit.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;

class OpsTest {
  private static final Engine SINGLE = Engines.open("cpu", new EngineOptions(1, DataType.FLOAT32));
  private static final Engine DOUBLE = Engines.open("cpu", new EngineOptions(1, DataType.FLOAT64));

  private static double[] apply(
      Engine engine, UnaryOperator<NDArray> function, Shape shape, double... x) {
    try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
      return engine.hostView(function.apply(tape.constant(x, shape))).toDoubles();
    }
  }

  @Test
  void softplusAndLogSigmoidNeitherOverflowNorVanish() {
    double[] x = {-1000, -30, -1, 0, 1, 30, 1000};
    double[] softplus = {
      0, 9.357622968839299e-14, 0.31326168751822286, Math.log(2), 1.3132616875182228, 30, 1000
    };
    double[] values = apply(SINGLE, Ops::softplus, new Shape(7), x);
    assertArrayEquals(softplus, values, 1e-6);
    assertEquals(1, values[1] / softplus[1], 1e-5);
    double[] mirrored = apply(SINGLE, Ops::logSigmoid, new Shape(7), x);
    for (int i = 0; i < 7; i++) {
      assertEquals(-softplus[6 - i], mirrored[i], 1e-6 * Math.max(1, softplus[6 - i]));
    }
  }

  @Test
  void logGammaOfFactorialsAndOfAHalf() {
    double[] x = {0.5, 1, 2, 5, 11, 101};
    double[] expected = new double[x.length];
    expected[0] = 0.5 * Math.log(Math.PI);
    for (int i = 1; i < x.length; i++) {
      for (int k = 2; k < x[i]; k++) {
        expected[i] += Math.log(k);
      }
    }
    assertArrayEquals(expected, apply(DOUBLE, Ops::logGamma, new Shape(6), x), 1e-9);
    double[] single = apply(SINGLE, Ops::logGamma, new Shape(6), x);
    for (int i = 0; i < x.length; i++) {
      assertEquals(expected[i], single[i], 1e-5 * Math.max(1, expected[i]));
    }
  }

  @Test
  void logSumExpOfLargeAndSmallNumbers() {
    double[] x = {1000, 1000, -1000, -1000, 0, Math.log(3)};
    double[] expected = {1000 + Math.log(2), -1000 + Math.log(2), Math.log(4)};
    assertArrayEquals(expected, apply(DOUBLE, v -> Ops.logSumExp(v, 1), new Shape(3, 2), x), 1e-12);
    assertArrayEquals(
        new double[] {1000, 1000},
        apply(DOUBLE, v -> Ops.logSumExp(v, 0), new Shape(3, 2), x),
        1e-12);
  }

  @Test
  void softmaxIsItsDefinition() {
    double[] x = {1, 2, 3, 200, 0, -200};
    double sum = Math.exp(1) + Math.exp(2) + Math.exp(3);
    double[] expected = {Math.exp(1) / sum, Math.exp(2) / sum, Math.exp(3) / sum, 1, 0, 0};
    assertArrayEquals(expected, apply(SINGLE, Ops::softmax, new Shape(2, 3), x), 1e-6);
    double[] log = apply(DOUBLE, Ops::logSoftmax, new Shape(2, 3), x);
    assertEquals(1 - Math.log(sum), log[0], 1e-12);
    assertEquals(-400, log[5], 1e-12);
  }

  @Test
  void drawsHaveTheirMomentsAndFollowTheSeed() {
    try (Tape tape = DOUBLE.newTape(Tape.Mode.EVALUATE)) {
      int n = 20_000;
      double[] normal =
          DOUBLE.hostView(Draws.normal(tape, new Seed(1), new Shape(n / 2, 2))).toDoubles();
      double mean = Arrays.stream(normal).average().orElseThrow();
      double square = Arrays.stream(normal).map(v -> v * v).average().orElseThrow();
      assertEquals(0, mean, 5 / Math.sqrt(n));
      assertEquals(1, square, 5 * Math.sqrt(2.0 / n));
      double[] uniform =
          DOUBLE.hostView(Draws.uniform(tape, new Seed(1), new Shape(n))).toDoubles();
      assertEquals(0.5, Arrays.stream(uniform).average().orElseThrow(), 5 / Math.sqrt(12.0 * n));
      double[] again =
          DOUBLE.hostView(Draws.normal(tape, new Seed(1), new Shape(n / 2, 2))).toDoubles();
      assertArrayEquals(normal, again);
      double[] other = DOUBLE.hostView(Draws.normal(tape, new Seed(2), new Shape(1))).toDoubles();
      assertNotEquals(normal[0], other[0]);
    }
  }
}
