package org.thalweg.toolkit.infer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SpecialTest {
  static Stream<String[]> values() {
    return Golden.rows("special.csv");
  }

  @ParameterizedTest(name = "{1} at {2}")
  @MethodSource("values")
  void agreesWithScipy(String version, String function, double at, double value) {
    double ours =
        switch (function) {
          case "normal-quantile" -> Special.normalQuantile(at);
          case "log-gamma" -> Special.logGamma(at);
          case "digamma" -> Special.digamma(at);
          default -> throw new IllegalArgumentException(function);
        };
    assertEquals(value, ours, 2e-14 * Math.max(1, Math.abs(value)), "SciPy " + version);
  }

  @Test
  void normalQuantileAtTheEnds() {
    assertEquals(Double.NEGATIVE_INFINITY, Special.normalQuantile(0));
    assertEquals(Double.POSITIVE_INFINITY, Special.normalQuantile(1));
  }

  @Test
  void logSumExp() {
    assertEquals(1000 + Math.log(2), Special.logSumExp(new double[] {1000, 1000}), 1e-12);
    assertEquals(Double.NEGATIVE_INFINITY, Special.logSumExp(new double[0]));
    assertEquals(-3, Special.logSumExp(new double[] {Double.NEGATIVE_INFINITY, -3}), 1e-15);
  }
}
