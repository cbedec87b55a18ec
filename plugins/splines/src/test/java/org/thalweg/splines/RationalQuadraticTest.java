package org.thalweg.splines;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.transform.Elementwise;
import org.thalweg.splines.Splines.Direction;
import org.thalweg.splines.Splines.Result;

class RationalQuadraticTest {
  private static final int N = 200;

  private static RationalQuadratic spline(int bins, double bound) {
    return new RationalQuadratic(
        new RationalQuadraticConfig(bins, bound, Ends.LINEAR_TAILS, 1e-3, 1e-3, 1e-3));
  }

  @Test
  void countsItsParameters() {
    assertEquals(23, spline(8, 3).parameterCount());
    assertEquals(23, spline(8, 3).identity().length);
  }

  @Test
  void isTheIdentityWhereItSaysSo() {
    RationalQuadratic spline = spline(8, 3);
    double[] x = Splines.uniform(1, N, 5);
    for (Direction direction : Direction.values()) {
      Result mapped = Splines.map(Splines.DOUBLE, spline, direction, x, spline.identity());
      assertArrayEquals(x, mapped.value(), 1e-14);
      assertArrayEquals(new double[N], mapped.logDerivative(), 1e-14);
    }
  }

  @Property(tries = 40)
  void roundTrip(
      @ForAll long seed,
      @ForAll @IntRange(min = 2, max = 40) int bins,
      @ForAll @DoubleRange(min = 0.1, max = 6) double scale) {
    RationalQuadratic spline = spline(bins, 3);
    double[] parameters = Splines.normal(seed, N * spline.parameterCount(), scale);
    double[] y = Splines.uniform(seed + 1, N, 4);
    for (Engine engine : List.of(Splines.SINGLE, Splines.DOUBLE)) {
      double eps = engine == Splines.SINGLE ? 0x1p-23 : 0x1p-52;
      Result x = Splines.map(engine, spline, Direction.INVERSE, y, parameters);
      Result back = Splines.map(engine, spline, Direction.FORWARD, x.value(), parameters);
      for (int i = 0; i < N; i++) {
        // Rounding x moves y by the slope: no formula does better.
        double bound = 8 * eps * 3 * (1 + Math.exp(back.logDerivative()[i]));
        assertEquals(y[i], back.value()[i], bound);
        if (engine == Splines.DOUBLE && scale < 2) {
          assertEquals(0, x.logDerivative()[i] + back.logDerivative()[i], 1e-7);
        }
      }
    }
  }

  @Property(tries = 40)
  void logDerivativeIsThatOfTheValue(
      @ForAll long seed,
      @ForAll @IntRange(min = 2, max = 12) int bins,
      @ForAll Direction direction) {
    RationalQuadratic spline = spline(bins, 2.5);
    double[] parameters = Splines.normal(seed, N * spline.parameterCount(), 1);
    double[] x = Splines.uniform(seed + 1, N, 3);
    double h = 1e-6;
    Result at = Splines.map(Splines.DOUBLE, spline, direction, x, parameters);
    Result up = Splines.map(Splines.DOUBLE, spline, direction, shift(x, h), parameters);
    Result down = Splines.map(Splines.DOUBLE, spline, direction, shift(x, -h), parameters);
    for (int i = 0; i < N; i++) {
      double slope = (up.value()[i] - down.value()[i]) / (2 * h);
      assertEquals(1, slope / Math.exp(at.logDerivative()[i]), 1e-4);
    }
  }

  @Property(tries = 20)
  void increases(@ForAll long seed, @ForAll @DoubleRange(min = 0.1, max = 6) double scale) {
    RationalQuadratic spline = spline(8, 3);
    double[] parameters = Splines.normal(seed, spline.parameterCount(), scale);
    double[] x = new double[2000];
    Arrays.setAll(x, i -> -4 + 8.0 * i / x.length);
    for (Direction direction : Direction.values()) {
      double[] y = Splines.map(Splines.DOUBLE, spline, direction, x, parameters).value();
      for (int i = 1; i < y.length; i++) {
        assertTrue(y[i] > y[i - 1], "at " + x[i]);
      }
    }
  }

  @Property(tries = 20)
  void gradientsAreThoseOfTheFunction(@ForAll long seed, @ForAll Direction direction) {
    RationalQuadratic spline = spline(5, 2);
    int n = 20;
    double[] x = Splines.uniform(seed, n, 2.5);
    double[] parameters = Splines.normal(seed + 1, n * spline.parameterCount(), 1);
    double[] towards = Splines.normal(seed + 2, parameters.length, 1);
    double[] shift = Splines.normal(seed + 3, n, 1);
    double analytic;
    try (Tape tape = Splines.DOUBLE.newTape(Tape.Mode.FIRST_ORDER)) {
      NDArray leafX = tape.variable(tape.constant(x, new Shape(n, 1)));
      NDArray leafP = tape.variable(Splines.parameters(tape, spline, n, parameters));
      Elementwise mapped = direction.map(spline, tape, leafX, leafP);
      tape.backward(mapped.value().mul(2).add(mapped.logDerivative()).sum());
      analytic =
          inner(tape.engine().hostView(tape.gradient(leafX)).toDoubles(), shift)
              + inner(tape.engine().hostView(tape.gradient(leafP)).toDoubles(), towards);
    }
    // Small, so that a knot hardly ever lies between: the log-derivative has a kink there.
    double h = 1e-8;
    double numeric =
        (total(spline, direction, x, shift, parameters, towards, h)
                - total(spline, direction, x, shift, parameters, towards, -h))
            / (2 * h);
    assertEquals(numeric, analytic, 1e-4 * Math.max(1, Math.abs(numeric)));
  }

  private static double total(
      RationalQuadratic spline,
      Direction direction,
      double[] x,
      double[] shift,
      double[] parameters,
      double[] towards,
      double h) {
    Result r =
        Splines.map(
            Splines.DOUBLE, spline, direction, move(x, shift, h), move(parameters, towards, h));
    return 2 * Arrays.stream(r.value()).sum() + Arrays.stream(r.logDerivative()).sum();
  }

  /** In single precision: far out, at the bound and its neighbours, with saturated parameters. */
  @Property(tries = 60)
  void finiteAtTheExtremes(
      @ForAll long seed,
      @ForAll @DoubleRange(min = 0, max = 1000) double scale,
      @ForAll Direction direction) {
    RationalQuadratic spline = spline(8, 3);
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

  @Property(tries = 20)
  void finiteAndContinuousAtEveryKnot(@ForAll long seed) {
    RationalQuadratic spline = spline(8, 3);
    double[] parameters = Splines.normal(seed, spline.parameterCount(), 3);
    double[] knots = knots(parameters, 8);
    double h = 1e-12;
    Result below =
        Splines.map(Splines.DOUBLE, spline, Direction.FORWARD, shift(knots, -h), parameters);
    Result above =
        Splines.map(Splines.DOUBLE, spline, Direction.FORWARD, shift(knots, h), parameters);
    assertArrayEquals(below.value(), above.value(), 1e-8);
    for (int i = 0; i < knots.length; i++) {
      assertEquals(1, Math.exp(below.logDerivative()[i] - above.logDerivative()[i]), 1e-3);
    }
  }

  /** The positions by the paper's formula, in plain Java; the outermost ones are the bound. */
  private static double[] knots(double[] parameters, int bins) {
    double sum = Arrays.stream(parameters, 0, bins).map(Math::exp).sum();
    double[] out = new double[bins + 1];
    out[0] = -3;
    for (int k = 0; k < bins; k++) {
      out[k + 1] = out[k] + 6 * (1e-3 + (1 - bins * 1e-3) * Math.exp(parameters[k]) / sum);
    }
    return out;
  }

  @Property(tries = 10)
  void secondDerivativeOfTheInverse(@ForAll long seed) {
    RationalQuadratic spline = spline(6, 3);
    int n = 50;
    double[] parameters = Splines.normal(seed, n * spline.parameterCount(), 0.7);
    double[] y = Splines.uniform(seed + 1, n, 3.2);
    double h = 1e-6;
    Result up = Splines.map(Splines.DOUBLE, spline, Direction.INVERSE, shift(y, h), parameters);
    Result down = Splines.map(Splines.DOUBLE, spline, Direction.INVERSE, shift(y, -h), parameters);
    double[] second;
    try (Tape tape = Splines.DOUBLE.newTape(Tape.Mode.SECOND_ORDER)) {
      NDArray leaf = tape.variable(tape.constant(y, new Shape(n, 1)));
      NDArray x =
          spline.inverse(tape, leaf, Splines.parameters(tape, spline, n, parameters)).value();
      NDArray slope =
          tape.vjp(new NDList(x), new NDList(x.onesLike()), new NDList(leaf)).singletonOrThrow();
      tape.backward(slope.sum());
      second = Splines.DOUBLE.hostView(tape.gradient(leaf)).toDoubles();
    }
    for (int i = 0; i < n; i++) {
      double numeric =
          (Math.exp(up.logDerivative()[i]) - Math.exp(down.logDerivative()[i])) / (2 * h);
      assertEquals(numeric, second[i], 1e-3 * Math.max(1, Math.abs(numeric)), "at " + y[i]);
    }
  }

  @Test
  void aNumberThatIsNoneStaysNone() {
    RationalQuadratic spline = spline(8, 3);
    double[] x = {Double.NaN, Double.POSITIVE_INFINITY};
    Result mapped = Splines.map(Splines.SINGLE, spline, Direction.FORWARD, x, spline.identity());
    assertTrue(Double.isNaN(mapped.value()[0]));
    assertEquals(Double.POSITIVE_INFINITY, mapped.value()[1]);
  }

  @Test
  void takesAnEmptyBatch() {
    RationalQuadratic spline = spline(8, 3);
    try (Tape tape = Splines.SINGLE.newTape(Tape.Mode.EVALUATE)) {
      for (Direction direction : Direction.values()) {
        Elementwise mapped =
            direction.map(
                spline,
                tape,
                tape.constant(new double[0], new Shape(0, 2)),
                tape.constant(new double[0], new Shape(0, 2, 23)));
        assertEquals(new Shape(0, 2), mapped.value().getShape());
        assertEquals(new Shape(0, 2), mapped.logDerivative().getShape());
      }
    }
  }

  @Test
  void refusesBinsThatDoNotFit() {
    var refused =
        assertThrows(
            ThalwegException.class,
            () -> new RationalQuadraticConfig(200, 3, Ends.LINEAR_TAILS, 0.01, 1e-3, 1e-3));
    assertTrue(refused.getMessage().contains("min-bin-width"), refused.getMessage());
  }

  private static double[] shift(double[] x, double h) {
    return Arrays.stream(x).map(v -> v + h).toArray();
  }

  private static double[] move(double[] x, double[] direction, double h) {
    double[] out = x.clone();
    for (int i = 0; i < out.length; i++) {
      out[i] += h * direction[i];
    }
    return out;
  }

  private static double inner(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
