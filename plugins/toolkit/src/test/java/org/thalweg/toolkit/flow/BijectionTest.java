package org.thalweg.toolkit.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Context;
import org.thalweg.api.density.Density;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.random.Seed;
import org.thalweg.api.transform.Mapped;
import org.thalweg.api.transform.Support;
import org.thalweg.api.transform.Transform;

class BijectionTest {
  private static final Shape ONE = new Shape(1);

  private record Point(double value, double logAbsDet) {}

  private static Point map(Bijection map, DataType type, boolean toLine, double at) {
    Engine engine = Engines.open("cpu", new EngineOptions(1, type));
    try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
      Transform bound = map.bind(Binding.evaluate(tape)).given(Context.none());
      var argument = tape.constant(new double[] {at}, new Shape(1, 1));
      Mapped mapped = toLine ? bound.forward(argument) : bound.inverse(argument);
      return new Point(
          engine.hostView(mapped.value()).toDoubles()[0],
          engine.hostView(mapped.logAbsDet()).toDoubles()[0]);
    }
  }

  private static void line(Bijection map, double x, double y, double logDerivative) {
    Point to = map(map, DataType.FLOAT64, true, x);
    assertEquals(y, to.value(), 1e-12);
    assertEquals(logDerivative, to.logAbsDet(), 1e-12);
    Point from = map(map, DataType.FLOAT64, false, y);
    assertEquals(x, from.value(), 1e-12);
    assertEquals(-logDerivative, from.logAbsDet(), 1e-12);
  }

  /** By hand: ln 2, the inverse of softplus at ln 3, and the logit of 1/4. */
  @Test
  void closedForms() {
    line(Bijection.exponential(ONE), 2, Math.log(2), -Math.log(2));
    line(Bijection.softplus(ONE), Math.log(3), Math.log(2), Math.log(1.5));
    // dy/dx = 1 / (w s (1 - s)) with w = 4 and s = 1/4.
    line(
        Bijection.sigmoid(ONE, new Support.Interval(-1, 3)),
        0,
        -Math.log(3),
        -Math.log(4 * 0.25 * 0.75));
  }

  @Test
  void nothingIsInfiniteFarOut() {
    List<Bijection> all =
        List.of(
            Bijection.exponential(ONE),
            Bijection.softplus(ONE),
            Bijection.sigmoid(ONE, new Support.Interval(0, 1)));
    for (Bijection map : all) {
      for (double y : new double[] {-1e6, -200, -30, 30, 200, 1e6}) {
        Point point = map(map, DataType.FLOAT32, false, y);
        assertTrue(Double.isFinite(point.value()) && Double.isFinite(point.logAbsDet()));
        Point back = map(map, DataType.FLOAT32, true, point.value());
        assertTrue(Double.isFinite(back.value()) && Double.isFinite(back.logAbsDet()));
      }
    }
  }

  @Test
  void aUniformDensityIsThatOfItsBox() {
    Engine engine = Engines.open("cpu", new EngineOptions(1, DataType.FLOAT32));
    try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
      Density density =
          new UniformBase(new Shape(2), new Support.Interval(-1, 3))
              .bind(Binding.evaluate(tape))
              .given(Context.none());
      Density.Draw draw = density.sampleWithLogDensity(10_000, new Seed(5));
      double[] values = engine.hostView(draw.value()).toDoubles();
      double sum = 0;
      for (double value : values) {
        assertTrue(value > -1 && value < 3);
        sum += value;
      }
      // Four standard errors of the mean of 20,000 numbers with s.d. 4 / sqrt(12).
      assertEquals(1, sum / values.length, 4 * 4 / Math.sqrt(12 * values.length));
      for (double logDensity : engine.hostView(draw.logDensity()).toDoubles()) {
        assertEquals(-2 * Math.log(4), logDensity, 1e-6);
      }
      var outside = tape.constant(new double[] {0, 3.1}, new Shape(1, 2));
      double beyond = engine.hostView(density.logDensity(outside)).toDoubles()[0];
      assertEquals(Double.NEGATIVE_INFINITY, beyond);
    }
  }

  @Test
  void anEmptyIntervalIsRefused() {
    var refused = assertThrows(ThalwegException.class, () -> new Support.Interval(1, 1));
    assertTrue(refused.getMessage().contains("low < high"), refused.getMessage());
  }

  /** What a transform leads to is what the next one takes. */
  @Test
  void partsThatDoNotMeetAreRefused() {
    var base = new UniformBase(ONE, new Support.Interval(0, 1));
    var context = new org.thalweg.api.density.BuildContext(ONE, new Shape(0), null, null);
    var refused =
        assertThrows(
            ThalwegException.class,
            () -> new FlowDensity(context, List.of(Bijection.exponential(ONE)), base));
    assertTrue(refused.getMessage().contains("numbers between 0.0 and 1.0"), refused.getMessage());
    var flow =
        new FlowDensity(context, List.of(Bijection.exponential(ONE)), new StandardNormal(ONE));
    assertEquals(new Support.Above(0), flow.support());
  }
}
