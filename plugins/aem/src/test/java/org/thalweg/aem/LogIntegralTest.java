package org.thalweg.aem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against integrals that are known. */
class LogIntegralTest {
  private static LogIntegral integral(DoubleUnaryOperator log, double tolerance, double... ends) {
    return new LogIntegral(x -> Arrays.stream(x).map(log).toArray(), ends, tolerance, 1000);
  }

  private static double[] panels(double low, double high, int count) {
    double[] out = new double[count + 1];
    Arrays.setAll(out, i -> low + (high - low) * i / count);
    return out;
  }

  /** Energies have an offset that is free: the result moves with it and is as exact. */
  @ParameterizedTest
  @ValueSource(doubles = {-1e4, 0, 300})
  void aNormalDensityHasItsNormaliser(double offset) {
    LogIntegral of = integral(x -> offset - x * x / 2, 1e-10, panels(-12, 12, 16));
    assertEquals(
        offset + 0.5 * Math.log(2 * Math.PI), of.value(1 << 18), 1e-10 + 1e-12 * Math.abs(offset));
    assertTrue(of.left() <= 1e-10);
  }

  /** Kinks, as units of a net have them, away from the panels' ends. */
  @Test
  void kinksAreRefined() {
    LogIntegral of = integral(x -> -Math.abs(x - 0.123), 1e-8, panels(-40, 40, 16));
    double exact = Math.log(2 - Math.exp(-40.123) - Math.exp(-39.877));
    assertEquals(exact, of.value(1 << 20), 1e-8);
  }

  /** A jump: the rule's error falls with the first power of the step. */
  @Test
  void edgesAreRefined() {
    LogIntegral of = integral(x -> x > 1.0 / 3 ? 0 : -30, 1e-6, panels(0, 1, 8));
    assertEquals(Math.log(2.0 / 3 + Math.exp(-30) / 3), of.value(1 << 20), 1e-6);
  }

  /** Two spikes of a ten-thousandth of the interval, of which one lies where it is looked at. */
  @Test
  void aSpikeIsSeenWhereThePanelsEndAroundIt() {
    double sd = 1e-4;
    DoubleUnaryOperator spike =
        x -> -0.5 * (x - 0.5001) * (x - 0.5001) / sd / sd - Math.log(sd * Math.sqrt(2 * Math.PI));
    double[] around = {-5, 0.4991, 0.5, 0.5001, 0.5002, 0.5011, 5};
    assertEquals(0, integral(spike, 1e-6, around).value(1 << 20), 1e-6);
  }

  @Test
  void workGoesWhereTheMassIs() {
    LogIntegral of = integral(x -> -0.5 * x * x * 1e4, 1e-6, panels(-10, 10, 64));
    assertEquals(0.5 * Math.log(2 * Math.PI) - Math.log(100), of.value(1 << 20), 1e-6);
    assertTrue(of.points() < 4000, of.points() + " points");
  }

  @Test
  void whatDoesNotSettleSaysSo() {
    // Noise of a hundredth of a nat: no rule of any size agrees to a billionth.
    LogIntegral of = integral(x -> 0.01 * Math.sin(1e9 * x), 1e-9, panels(0, 1, 4));
    of.value(1 << 12);
    assertTrue(of.left() > 1e-9, "left " + of.left());
    assertTrue(of.points() < 1 << 14);
  }
}
