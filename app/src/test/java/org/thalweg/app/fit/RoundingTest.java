package org.thalweg.app.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class RoundingTest {
  private static Rounding of(DoubleUnaryOperator map) {
    SplittableRandom random = new SplittableRandom(1);
    double[] values = new double[2000];
    for (int i = 0; i < values.length; i++) {
      values[i] = map.applyAsDouble(random.nextDouble());
    }
    return Rounding.of(values);
  }

  @Test
  void findsPowersOfTen() {
    assertEquals(OptionalDouble.of(0.1), of(u -> Math.rint(u * 500) / 10).step());
    assertEquals(OptionalDouble.of(1), of(u -> Math.rint(u * 5000)).step());
    assertEquals(OptionalDouble.of(100), of(u -> 100 * Math.rint(u * 5000)).step());
    assertEquals(
        1e-5, of(u -> Math.rint(1e5 * (0.99 + 0.02 * u)) / 1e5).step().orElseThrow(), 1e-18);
    assertEquals(OptionalDouble.of(0.01), of(u -> -Math.rint(u * 1000) / 100).step());
  }

  @Test
  void findsTheStepOfSinglePrecision() {
    assertEquals(OptionalDouble.of(0.1), of(u -> (float) (Math.rint(u * 500) / 10)).step());
  }

  @Test
  void findsNoStepInContinuousValues() {
    for (double scale : new double[] {1e-6, 1, 1e6}) {
      Rounding rounding = of(u -> scale * Math.sqrt(u));
      assertTrue(rounding.step().isEmpty(), rounding.toString());
      assertEquals(0, rounding.repeated());
    }
    assertTrue(of(u -> (float) u).step().isEmpty());
  }

  @Test
  void aFewSharperValuesDoNotMatterAndZerosSayNothing() {
    assertEquals(
        OptionalDouble.of(0.1), of(u -> u < 0.02 ? u * Math.PI : Math.rint(u * 500) / 10).step());
    Rounding zeros = of(u -> u < 0.95 ? 0 : u);
    assertTrue(zeros.step().isEmpty());
    assertEquals(0.95, zeros.repeated(), 0.02);
  }
}
