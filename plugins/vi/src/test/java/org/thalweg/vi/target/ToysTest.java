package org.thalweg.vi.target;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.Test;
import org.thalweg.api.data.Matrix;
import org.thalweg.vi.Vi;

/** The toys' densities against their formulas in plain arithmetic. */
class ToysTest {
  private static void same(String name, DoubleBinaryOperator formula) {
    SplittableRandom random = new SplittableRandom(4);
    Matrix rows = Matrix.zeros(100, 2);
    for (int i = 0; i < 200; i++) {
      rows.values()[i] = random.nextDouble(-3.9, 3.9);
    }
    double[] values = Vi.logJoint(Vi.target(name), rows);
    for (int i = 0; i < 100; i++) {
      double want = formula.applyAsDouble(rows.get(i, 0), rows.get(i, 1));
      assertEquals(want, values[i], 1e-8 * (1 + Math.abs(want)), name);
    }
  }

  private static double sq(double x) {
    return x * x;
  }

  private static double w1(double z1) {
    return Math.sin(2 * Math.PI * z1 / 4);
  }

  private static double normal(double[] x, double[] mean, double[][] c) {
    double det = c[0][0] * c[1][1] - c[0][1] * c[1][0];
    double a = x[0] - mean[0];
    double b = x[1] - mean[1];
    double form = (c[1][1] * a * a - 2 * c[0][1] * a * b + c[0][0] * b * b) / det;
    return Math.exp(-0.5 * form) / (2 * Math.PI * Math.sqrt(det));
  }

  @Test
  void formulas() {
    same(
        "energy-1",
        (a, b) ->
            -0.5 * sq((Math.hypot(a, b) - 2) / 0.4)
                + Math.log(
                    Math.exp(-0.5 * sq((a - 2) / 0.6)) + Math.exp(-0.5 * sq((a + 2) / 0.6))));
    same(
        "circle",
        (a, b) ->
            -0.5 * sq((Math.hypot(a, b) - 4) / 0.4)
                + Math.log(
                    Math.exp(-0.2 * sq((a - 2) / 0.8)) + Math.exp(-0.2 * sq((a + 2) / 0.8))));
    same("energy-2", (a, b) -> -sq((b - w1(a)) / 0.4));
    same(
        "energy-3",
        (a, b) ->
            Math.log(
                Math.exp(-0.5 * sq((b - w1(a)) / 0.35))
                    + Math.exp(
                        -0.5 * sq((b - w1(a) + 3 * Math.exp(-0.5 * sq((a - 1) / 0.6))) / 0.35))));
    same(
        "energy-4",
        (a, b) ->
            Math.log(
                Math.exp(-0.5 * sq((b - w1(a)) / 0.4))
                    + Math.exp(
                        -0.5 * sq((b - w1(a) + 3 / (1 + Math.exp(-(a - 1) / 0.3))) / 0.35))));
    same(
        "banana",
        (a, b) -> -0.5 * sq(b / 2) - Math.log(2) - 0.5 * sq(a - b * b / 4) - Math.log(2 * Math.PI));
    double[][] round = {{0.45, 0}, {0, 0.45}};
    same(
        "gaussian-mixture-symmetric",
        (a, b) ->
            Math.log(
                0.5 * normal(new double[] {a, b}, new double[] {1, 1}, round)
                    + 0.5 * normal(new double[] {a, b}, new double[] {-1, -1}, round)));
    same(
        "gaussian-mixture",
        (a, b) ->
            Math.log(
                0.4
                        * normal(
                            new double[] {a, b},
                            new double[] {-1, 1.5},
                            new double[][] {{0.6, 0.2}, {0.2, 0.5}})
                    + 0.6
                        * normal(
                            new double[] {a, b},
                            new double[] {1, -1},
                            new double[][] {{0.5, -0.3}, {-0.3, 0.7}})));
  }

  /** Two symmetric modes at the roots of 0.5. */
  @Test
  void theRootHasTwoModes() {
    double root = Math.sqrt(0.5);
    double[] values =
        Vi.logJoint(
            Vi.target("multimodal-1d"),
            Matrix.of(new double[] {root}, new double[] {-root}, new double[] {0}));
    double peak = -0.25 - Math.log(2 * Math.PI) - Math.log(0.1);
    assertEquals(peak, values[0], 1e-9);
    assertEquals(peak, values[1], 1e-9);
    assertEquals(peak + 0.25 - 12.5, values[2], 1e-9);
  }
}
