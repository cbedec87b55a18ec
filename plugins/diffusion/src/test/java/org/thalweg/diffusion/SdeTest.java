package org.thalweg.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.diffusion.SdeConfig.Equation;

class SdeTest {
  static Sde sde(String name) {
    SdeConfig d = SdeConfig.DEFAULT;
    return new SdeConfig(
            Equation.valueOf(name), d.betaMin(), d.betaMax(), d.sigmaMin(), d.sigmaMax(), 0)
        .sde();
  }

  private static final double[] TIMES = {1e-5, 3e-4, 1e-2, 0.1, 0.5, 0.9, 1};

  /** The kernel's moments solve dm/dt = a m and d(s^2)/dt = 2 a s^2 + g^2. */
  @ParameterizedTest
  @ValueSource(strings = {"VP", "SUBVP", "VE"})
  void theKernelIsTheEquations(String name) {
    Sde sde = sde(name);
    for (double t : TIMES) {
      double h = 1e-4 * t;
      double ofMean = (sde.mean(t + h) - sde.mean(t - h)) / (2 * h);
      double s = sde.deviation(t);
      double ofVariance =
          (Math.pow(sde.deviation(t + h), 2) - Math.pow(sde.deviation(t - h), 2)) / (2 * h);
      double expected = 2 * sde.drift(t) * s * s + sde.squaredDiffusion(t);
      assertEquals(sde.drift(t) * sde.mean(t), ofMean, 1e-5, name + " mean at " + t);
      assertEquals(expected, ofVariance, 1e-5 * Math.abs(expected), name + " variance at " + t);
      double ofWeight = (sde.weight(t + h) - sde.weight(t - h)) / (2 * h);
      double ratio = sde.squaredDiffusion(t) / (s * s);
      assertEquals(ratio, ofWeight, 1e-6 * ratio, name + " weight at " + t);
      assertEquals(t, sde.timeOfWeight(sde.weight(t)), 1e-9 * t, name);
      assertEquals(t, sde.timeOfRatio(s / sde.mean(t)), 1e-9 * t, name);
      assertEquals(s / sde.mean(t), Math.exp(sde.angle(t).logRatio()), 1e-9 * s / sde.mean(t));
    }
  }

  /** From the closed forms of table 1, in six digits. */
  @ParameterizedTest
  @CsvSource({
    "VP, 1e-5, 1.00050e-3",
    "VP, 5e-5, 2.24162e-3",
    "VP, 1e-3, 1.04854e-2",
    "VP, 1e-2, 4.46432e-2",
    "SUBVP, 1e-5, 1.00099e-6",
    "SUBVP, 5e-5, 5.0249e-6",
    "SUBVP, 1e-3, 1.0994e-4",
    "SUBVP, 1e-2, 1.99301e-3",
    "SUBVP, 1, 0.99995681",
    "VE, 0, 0.01",
    "VE, 1, 50"
  })
  void deviationsArePublished(String name, double t, double deviation) {
    assertEquals(deviation, sde(name).deviation(t), 1e-4 * deviation);
    double mean = Math.exp(-0.5 * (0.1 * t + 0.5 * 19.9 * t * t));
    assertEquals(name.equals("VE") ? 1 : mean, sde(name).mean(t), 1e-12);
  }

  /** The total and the quantiles of the times that importance weighting draws (section 5.1). */
  @ParameterizedTest
  @CsvSource({
    "VP, 1e-5, 23.86447, 3.290e-5, 3.0047e-3, 0.114421, 0.636956, 0.938460",
    "VP, 5e-5, 22.25106, 1.506e-4, 7.4946e-3, 0.166794, 0.667376, 0.942746",
    "VP, 1e-3, 19.16539, 2.3274e-03, 3.1686e-02, 0.304631, 0.722333, 0.950890",
    "SUBVP, 1e-2, 22.48414, 1.4391e-2, 5.2916e-2, 0.228901, 0.663925, 0.942133",
    "SUBVP, 1e-5, 37.67895, 2.561e-5, 1.0100e-3, 3.0550e-2, 0.353817, 0.900945",
    "VE, 1e-5, 17.034216, 0.05000950, 0.2500075, 0.500005, 0.7500025, 0.9500005"
  })
  void timesHaveTheirQuantiles(
      String name, double start, double total, double a, double b, double c, double d, double e) {
    Sde sde = sde(name);
    double[] uniform = {0.05, 0.25, 0.5, 0.75, 0.95};
    double[] expected = {a, b, c, d, e};
    for (int i = 0; i < 5; i++) {
      Weighting.Drawn drawn = Weighting.IMPORTANCE.draw(sde, start, uniform[i]);
      assertEquals(expected[i], drawn.time(), 2e-4 * expected[i]);
      assertEquals(total, drawn.factor(), 1e-5);
    }
  }

  /** The ends of what the options allow, where the noise is strongest, are numbers still. */
  @ParameterizedTest
  @EnumSource(Equation.class)
  void theStrongestNoiseIsANumber(Equation equation) {
    Sde sde = new SdeConfig(equation, 100, 1000, 1e-6, 1e5, 0).sde();
    for (double u : new double[] {0, 0.3, 0.999999}) {
      Weighting.Drawn drawn = Weighting.IMPORTANCE.draw(sde, 1e-5, u);
      assertTrue(Double.isFinite(drawn.factor()) && drawn.time() <= 1, equation + " " + drawn);
      assertTrue(Double.isFinite(sde.angle(drawn.time()).logRatio()), equation + " " + drawn);
    }
    assertTrue(Double.isFinite(Math.log(sde.mean(Sde.END))), equation + "");
    double s = sde.deviation(0.5);
    assertEquals(0.5, sde.timeOfWeight(sde.weight(0.5)), 1e-9);
    assertEquals(0.5, sde.timeOfRatio(s / sde.mean(0.5)), 1e-9);
  }

  @Test
  void noiseThatDoesNotGrowIsRefused() {
    assertThrows(ThalwegException.class, () -> new SdeConfig(Equation.VE, 0.1, 20, 1, 1, 0).sde());
  }

  /** Whichever way times are drawn, the mean of factor h(t) is the integral of g^2 / s^2 h. */
  @ParameterizedTest
  @ValueSource(strings = {"VP", "SUBVP", "VE"})
  void weightingsHaveTheSameMean(String name) {
    Sde sde = sde(name);
    int n = 2_000_000;
    double likelihood = 0;
    double importance = 0;
    for (int i = 0; i < n; i++) {
      double u = (i + 0.5) / n;
      Weighting.Drawn one = Weighting.LIKELIHOOD.draw(sde, 1e-2, u);
      Weighting.Drawn two = Weighting.IMPORTANCE.draw(sde, 1e-2, u);
      likelihood += one.factor() * Math.sin(3 * one.time()) / n;
      importance += two.factor() * Math.sin(3 * two.time()) / n;
    }
    assertEquals(likelihood, importance, 1e-5 * likelihood);
    assertTrue(Weighting.ORIGINAL.draw(sde, 0.2, 0.5).factor() == 0.8);
    assertEquals(0.6, Weighting.ORIGINAL.draw(sde, 0.2, 0.5).time(), 1e-15);
  }
}
