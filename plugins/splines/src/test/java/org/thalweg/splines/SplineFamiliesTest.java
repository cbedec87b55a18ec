package org.thalweg.splines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.transform.Elementwise;
import org.thalweg.api.transform.Univariate;
import org.thalweg.splines.Splines.Direction;
import org.thalweg.splines.Splines.Result;

/** Linear, quadratic and cubic splines, with linear tails and on an interval. */
class SplineFamiliesTest {
  private static final int N = 200;
  private static final double FLOOR = 1e-3;

  private enum Family {
    LINEAR,
    QUADRATIC,
    CUBIC;

    Univariate with(int bins, double bound, boolean tails) {
      Ends ends = tails ? Ends.LINEAR_TAILS : Ends.BOUNDED;
      var config = new SplineConfig(bins, bound, ends, FLOOR, FLOOR);
      return new ComposedSpline(
          switch (this) {
            case LINEAR -> new LinearSpline(new LinearSplineConfig(bins, bound, ends, FLOOR));
            case QUADRATIC -> new QuadraticSpline(config);
            case CUBIC -> new CubicSpline(config);
          },
          bound,
          ends);
    }
  }

  /** Table of the number of parameters: Durkan and others, 2019, section 5.1, and Mueller's. */
  @Test
  void countsTheirParameters() {
    assertEquals(8, Family.LINEAR.with(8, 3, true).parameterCount());
    assertEquals(8, Family.LINEAR.with(8, 3, false).parameterCount());
    assertEquals(15, Family.QUADRATIC.with(8, 3, true).parameterCount());
    assertEquals(17, Family.QUADRATIC.with(8, 3, false).parameterCount());
    assertEquals(16, Family.CUBIC.with(8, 3, true).parameterCount());
    assertEquals(18, Family.CUBIC.with(8, 3, false).parameterCount());
  }

  @Property(tries = 100)
  void roundTrip(
      @ForAll long seed,
      @ForAll Family family,
      @ForAll boolean tails,
      @ForAll @IntRange(min = 2, max = 40) int bins,
      @ForAll @DoubleRange(min = 0.1, max = 6) double scale) {
    Univariate spline = family.with(bins, 3, tails);
    double[] parameters = Splines.normal(seed, N * spline.parameterCount(), scale);
    double[] y = Splines.uniform(seed + 1, N, 4);
    for (Engine engine : List.of(Splines.SINGLE, Splines.DOUBLE)) {
      double eps = engine == Splines.SINGLE ? 0x1p-23 : 0x1p-52;
      Result x = Splines.map(engine, spline, Direction.INVERSE, y, parameters);
      Result back = Splines.map(engine, spline, Direction.FORWARD, x.value(), parameters);
      for (int i = 0; i < N; i++) {
        // Rounding x moves y by the slope: no formula does better.
        double slope = Math.exp(Math.max(back.logDerivative()[i], -x.logDerivative()[i]));
        assertEquals(y[i], back.value()[i], 16 * eps * 3 * (1 + slope), "at " + y[i]);
      }
    }
  }

  /** The values are those of the slopes integrated, piece by piece between the kinks. */
  @Property(tries = 30)
  void theValueIsTheIntegralOfTheSlope(
      @ForAll long seed, @ForAll Family family, @ForAll boolean tails) {
    int bins = 5;
    Univariate spline = family.with(bins, 2, tails);
    double[] parameters = Splines.normal(seed, spline.parameterCount(), 1.5);
    double[] knots = family == Family.LINEAR ? equal(bins) : knots(parameters, bins);
    double total = -2;
    for (int k = 0; k < bins; k++) {
      double low = knots[k];
      double width = knots[k + 1] - low;
      // Gauss's rule with two points is exact: the slope is at most quadratic in a piece.
      double off = width / Math.sqrt(12);
      double[] points = {low + width / 2 - off, low + width / 2 + off};
      Result at = Splines.map(Splines.DOUBLE, spline, Direction.FORWARD, points, parameters);
      total += width / 2 * (Math.exp(at.logDerivative()[0]) + Math.exp(at.logDerivative()[1]));
      double[] end = {knots[k + 1]};
      double value =
          Splines.map(Splines.DOUBLE, spline, Direction.FORWARD, end, parameters).value()[0];
      assertEquals(total, value, 1e-9, "at knot " + (k + 1));
    }
    assertEquals(2, total, 1e-9, "the end of the interval is kept");
  }

  private static double[] equal(int bins) {
    return IntStream.rangeClosed(0, bins).mapToDouble(k -> -2 + 4.0 * k / bins).toArray();
  }

  private static double[] knots(double[] parameters, int bins) {
    double sum = Arrays.stream(parameters, 0, bins).map(Math::exp).sum();
    double[] out = new double[bins + 1];
    out[0] = -2;
    for (int k = 0; k < bins; k++) {
      out[k + 1] = out[k] + 4 * (FLOOR + (1 - bins * FLOOR) * Math.exp(parameters[k]) / sum);
    }
    out[bins] = 2;
    return out;
  }

  /** The tails' slope is matched: Q-NSF always, the cubic where its end bins are steep enough. */
  @Property(tries = 30)
  void aQuadraticMeetsItsTailsWithSlopeOne(@ForAll long seed) {
    Univariate spline = Family.QUADRATIC.with(6, 3, true);
    double[] parameters = Splines.normal(seed, spline.parameterCount(), 2);
    double[] ends = {-3, 3};
    Result at = Splines.map(Splines.DOUBLE, spline, Direction.FORWARD, ends, parameters);
    // Rounding, times the most that a slope can change in a bin of the least width.
    assertEquals(0, at.logDerivative()[0], 1e-9);
    assertEquals(0, at.logDerivative()[1], 1e-9);
  }

  /** By Steffen's formula in plain Java: three bins of widths and heights that are set by hand. */
  @Test
  void aCubicHasSteffensSlopes() {
    Univariate spline =
        new ComposedSpline(
            new CubicSpline(new SplineConfig(3, 0.5, Ends.LINEAR_TAILS, 1e-5, 1e-5)),
            0.5,
            Ends.LINEAR_TAILS);
    double[] widths = {0.2, 0.5, 0.3};
    double[] heights = {0.5, 0.1, 0.4};
    double[] parameters = new double[6];
    for (int k = 0; k < 3; k++) {
      // What the floor leaves is shared.
      parameters[k] = Math.log((widths[k] - 1e-5) / (1 - 3e-5));
      parameters[3 + k] = Math.log((heights[k] - 1e-5) / (1 - 3e-5));
    }
    // s = 2.5, 0.2, 4/3; p_1 = (2.5 0.5 + 0.2 0.2) / 0.7 = 1.842857 > 2 s_1 = 0.4 = d_1 and
    // p_2 = (0.2 0.3 + 4/3 0.5) / 0.8 = 0.908333 > 0.4 = d_2; the ends can be 1.
    double[] x = {-0.5, -0.3, 0.2, 0.5};
    Result at = Splines.map(Splines.DOUBLE, spline, Direction.FORWARD, x, parameters);
    double[] slopes = {1, 0.4, 0.4, 1};
    double[] y = {-0.5, 0, 0.1, 0.5};
    for (int k = 0; k < 4; k++) {
      assertEquals(y[k], at.value()[k], 1e-12);
      assertEquals(slopes[k], Math.exp(at.logDerivative()[k]), 1e-10);
    }
  }

  /** In single precision: far out, at the bound and its neighbours, with saturated parameters. */
  @Property(tries = 100)
  void finiteAtTheExtremes(
      @ForAll long seed,
      @ForAll Family family,
      @ForAll boolean tails,
      @ForAll @DoubleRange(min = 0, max = 1000) double scale,
      @ForAll Direction direction) {
    Univariate spline = family.with(8, 3, tails);
    double[] edges = {
      0, 3, -3, Math.nextUp(3f), Math.nextDown(3f), -Math.nextUp(3f), 1e6, -1e6, 1e30, -1e30, 1e-30
    };
    int p = spline.parameterCount();
    double[] parameters = Splines.normal(seed, edges.length * p, 1);
    Arrays.setAll(parameters, i -> scale * Math.signum(parameters[i]));
    try (Tape tape = Splines.SINGLE.newTape(Tape.Mode.FIRST_ORDER)) {
      NDArray x = tape.variable(tape.constant(edges, new Shape(edges.length, 1)));
      NDArray leaf = tape.variable(Splines.parameters(tape, spline, edges.length, parameters));
      Elementwise mapped = direction.map(spline, tape, x, leaf);
      tape.backward(mapped.value().add(mapped.logDerivative()).sum());
      for (NDArray each :
          List.of(mapped.value(), mapped.logDerivative(), tape.gradient(x), tape.gradient(leaf))) {
        for (double value : Splines.SINGLE.hostView(each).toDoubles()) {
          assertTrue(Double.isFinite(value), () -> "got " + value);
        }
      }
    }
  }

  /**
   * Both roots' neighbourhoods, in single precision, over the square of slopes that are allowed.
   */
  @Property(tries = 50)
  void theCubicsRootSolvesIt(@ForAll long seed) {
    double[] p = Arrays.stream(Splines.uniform(seed, N, 1.4999)).map(v -> v + 1.5).toArray();
    double[] q = Arrays.stream(Splines.uniform(seed + 1, N, 0.9999)).map(v -> v + 1).toArray();
    double[] r = Arrays.stream(Splines.uniform(seed + 2, N, 0.5)).map(v -> v + 0.5).toArray();
    for (Engine engine : List.of(Splines.SINGLE, Splines.DOUBLE)) {
      double eps = engine == Splines.SINGLE ? 0x1p-23 : 0x1p-52;
      try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
        Shape shape = new Shape(1, N);
        NDArray a =
            CubicRoot.of(tape.constant(r, shape), tape.constant(p, shape), tape.constant(q, shape));
        double[] roots = engine.hostView(a).toDoubles();
        for (int i = 0; i < N; i++) {
          double x = roots[i];
          double y = x * x * (3 - 2 * x) + x * (1 - x) * (p[i] * (1 - x) - q[i] * x);
          assertEquals(r[i], y, 16 * eps, "p = " + p[i] + ", q = " + q[i]);
        }
      }
    }
  }

  @Test
  void onlyTheRationalQuadraticGoesRound() {
    var refused =
        assertThrows(
            ThalwegException.class, () -> new SplineConfig(8, 3, Ends.CIRCULAR, FLOOR, FLOOR));
    assertTrue(refused.getMessage().contains("rational-quadratic"), refused.getMessage());
  }

  /** On the circle the density does not jump where the angle does, and full turns do not count. */
  @Property(tries = 20)
  void aCircleHasNoEnd(@ForAll long seed) {
    Univariate spline =
        new RationalQuadratic(
            new RationalQuadraticConfig(6, 3, Ends.CIRCULAR, FLOOR, FLOOR, FLOOR));
    double[] parameters = Splines.normal(seed, spline.parameterCount(), 1.5);
    double[] angles = {Math.PI, -Math.PI, 1, 1 + 2 * Math.PI, 1 - 6 * Math.PI};
    for (Direction direction : Direction.values()) {
      Result at = Splines.map(Splines.DOUBLE, spline, direction, angles, parameters);
      assertEquals(at.logDerivative()[0], at.logDerivative()[1], 1e-9);
      for (int i : new int[] {3, 4}) {
        assertEquals(at.value()[2], at.value()[i], 1e-9);
        assertEquals(at.logDerivative()[2], at.logDerivative()[i], 1e-9);
      }
    }
  }
}
