package org.thalweg.splines;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.thalweg.splines.Splines.Direction;

/** Numbers computed by hand from the paper's formulas. */
class RationalQuadraticGoldenTest {
  private static final double FLOOR = 1e-3;

  /** x, y, dy/dx for knots x = (-3, -1, 0.5, 3), y = (-3, -2, 1.5, 3), slopes (1, 0.5, 2, 1). */
  private static final double[][] POINTS = {
    {-3, -3, 1},
    {-2.5, -2.631578947368, 0.554016620499},
    {-1, -2, 0.5},
    {-0.25, -0.616279069767, 3.038759689922},
    {0.5, 1.5, 2},
    {1.75, 2.428571428571, 0.342857142857},
    {2.999, 2.999001357891, 0.997286323275},
    {3, 3, 1},
    {4, 4, 1},
    {-1e6, -1e6, 1},
  };

  private static RationalQuadratic spline(int bins) {
    return new RationalQuadratic(
        new RationalQuadraticConfig(bins, 3, Ends.LINEAR_TAILS, FLOOR, FLOOR, FLOOR));
  }

  private static double share(double size) {
    return Math.log((size / 6 - FLOOR) / (1 - 3 * FLOOR));
  }

  private static double slope(double derivative) {
    return Math.log(Math.expm1(derivative - FLOOR));
  }

  private static final double[] PARAMETERS = {
    share(2), share(1.5), share(2.5), share(1), share(3.5), share(1.5), slope(0.5), slope(2)
  };

  @Test
  void valuesAndSlopesAtKnownPoints() {
    double[] x = column(0);
    Splines.Result mapped =
        Splines.map(Splines.DOUBLE, spline(3), Direction.FORWARD, x, PARAMETERS);
    for (int i = 0; i < POINTS.length; i++) {
      assertEquals(POINTS[i][1], mapped.value()[i], 1e-11, "y at " + x[i]);
      assertEquals(POINTS[i][2], Math.exp(mapped.logDerivative()[i]), 1e-11, "slope at " + x[i]);
    }
  }

  @Test
  void inverseAtKnownPoints() {
    double[] y = column(1);
    Splines.Result mapped =
        Splines.map(Splines.DOUBLE, spline(3), Direction.INVERSE, y, PARAMETERS);
    for (int i = 0; i < POINTS.length; i++) {
      assertEquals(POINTS[i][0], mapped.value()[i], 1e-10, "x at " + y[i]);
      assertEquals(
          1 / POINTS[i][2], Math.exp(mapped.logDerivative()[i]), 1e-10, "slope at " + y[i]);
    }
  }

  @Test
  void softmaxWithFloorPlacesTheKnots() {
    double[] parameters = {0, 0.5, -0.5, 1, 0, 0, 0, 0, 0.3, -0.2, 0.1};
    double[] knots = {-1.99358714, -0.33818517, 0.27459590};
    Splines.Result mapped =
        Splines.map(
            Splines.DOUBLE, spline(4), Direction.INVERSE, new double[] {-1.5, 0, 1.5}, parameters);
    for (int k = 0; k < 3; k++) {
      assertEquals(knots[k], mapped.value()[k], 1e-8);
    }
  }

  private static double[] column(int j) {
    return java.util.Arrays.stream(POINTS).mapToDouble(row -> row[j]).toArray();
  }
}
