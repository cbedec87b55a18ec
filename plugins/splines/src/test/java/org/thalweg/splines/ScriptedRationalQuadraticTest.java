package org.thalweg.splines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;

/** The script and its composed twin are the same function with the same gradients. */
class ScriptedRationalQuadraticTest {
  private static final int N = 50;
  private static final int D = 3;

  private static List<double[]> run(
      Engine engine,
      ScriptedRationalQuadratic operation,
      long seed,
      double scale,
      boolean scripted) {
    int p = new RationalQuadratic(operation.config()).parameterCount();
    try (Tape tape = engine.newTape(Tape.Mode.FIRST_ORDER)) {
      double reach = operation.config().ends() == Ends.CIRCULAR ? Math.PI : 4;
      double[] values = Splines.uniform(seed, N * D, reach);
      double edge = Math.min(reach, operation.config().bound());
      values[0] = edge;
      values[1] = -edge;
      NDArray x = tape.variable(tape.constant(values, new Shape(N, D)));
      NDArray parameters =
          tape.variable(
              tape.constant(Splines.normal(seed + 2, N * D * p, scale), new Shape(N, D, p)));
      NDList mapped =
          scripted
              ? tape.apply(operation, x, parameters)
              : operation.composed(tape, new NDList(x, parameters));
      NDArray towards = tape.constant(Splines.normal(seed + 1, 2 * N * D, 1), new Shape(2, N, D));
      NDArray loss =
          mapped.get(0).mul(towards.get(0)).sum().add(mapped.get(1).mul(towards.get(1)).sum());
      tape.backward(loss);
      List<double[]> out = new ArrayList<>();
      for (NDArray each :
          List.of(mapped.get(0), mapped.get(1), tape.gradient(x), tape.gradient(parameters))) {
        out.add(engine.hostView(each).toDoubles());
      }
      return out;
    }
  }

  @Property(tries = 40)
  void theTwinsAgreeInDoublePrecision(
      @ForAll long seed,
      @ForAll Knots.Axis axis,
      @ForAll Ends ends,
      @ForAll @IntRange(min = 2, max = 20) int bins,
      @ForAll @DoubleRange(min = 0.01, max = 0.04) double floor,
      @ForAll @DoubleRange(min = 0.01, max = 2) double scale) {
    var operation = operation(axis, ends, bins, floor);
    close(
        run(Splines.DOUBLE, operation, seed, scale, false),
        run(Splines.DOUBLE, operation, seed, scale, true),
        1e-6);
  }

  /** Single precision against double: no worse than the composed twin is allowed to be. */
  @Property(tries = 40)
  void inSinglePrecisionItIsNearTheDoubleOne(
      @ForAll long seed,
      @ForAll Knots.Axis axis,
      @ForAll Ends ends,
      @ForAll @IntRange(min = 2, max = 20) int bins,
      @ForAll @DoubleRange(min = 0.01, max = 1) double scale) {
    var operation = operation(axis, ends, bins, 1e-3);
    List<double[]> exact = run(Splines.DOUBLE, operation, seed, scale, false);
    List<double[]> single = run(Splines.SINGLE, operation, seed, scale, true);
    close(exact, single, 5e-3);
  }

  @Property(tries = 20)
  void extremeParametersGiveFiniteNumbers(
      @ForAll long seed, @ForAll Knots.Axis axis, @ForAll Ends ends) {
    var operation = operation(axis, ends, 8, 1e-3);
    for (double[] numbers : run(Splines.SINGLE, operation, seed, 60, true)) {
      assertTrue(Arrays.stream(numbers).allMatch(Double::isFinite));
    }
    List<double[]> composed = run(Splines.DOUBLE, operation, seed, 60, false);
    List<double[]> scripted = run(Splines.DOUBLE, operation, seed, 60, true);
    for (int i = 0; i < N * D; i++) {
      assertEquals(composed.get(0)[i], scripted.get(0)[i], 1e-6, "value " + i);
    }
  }

  @Property(tries = 6)
  void noRowsGiveNoRows(@ForAll Knots.Axis axis, @ForAll Ends ends) {
    var operation = operation(axis, ends, 8, 1e-3);
    int p = new RationalQuadratic(operation.config()).parameterCount();
    try (Tape tape = Splines.SINGLE.newTape(Tape.Mode.FIRST_ORDER)) {
      NDArray x = tape.variable(tape.constant(new double[0], new Shape(0, D)));
      NDArray parameters = tape.variable(tape.constant(new double[0], new Shape(0, D, p)));
      NDList mapped = tape.apply(operation, x, parameters);
      tape.backward(mapped.get(0).sum().add(mapped.get(1).sum()));
      assertEquals(new Shape(0, D), mapped.get(0).getShape());
      assertEquals(new Shape(0, D), mapped.get(1).getShape());
      assertEquals(new Shape(0, D, p), tape.gradient(parameters).getShape());
    }
  }

  /** It is not taken for a number outside the bounds, whose log-derivative is 0. */
  @Property(tries = 6)
  void noNumberGivesNone(@ForAll Knots.Axis axis, @ForAll Ends ends) {
    var operation = operation(axis, ends, 8, 1e-3);
    int p = new RationalQuadratic(operation.config()).parameterCount();
    try (Tape tape = Splines.SINGLE.newTape(Tape.Mode.EVALUATE)) {
      NDArray x = tape.constant(new double[] {Double.NaN, 0.5}, new Shape(2, 1));
      NDArray parameters = tape.constant(Splines.normal(1, 2 * p, 1), new Shape(2, 1, p));
      for (NDArray each : tape.apply(operation, x, parameters)) {
        double[] numbers = Splines.SINGLE.hostView(each).toDoubles();
        assertTrue(Double.isNaN(numbers[0]) && Double.isFinite(numbers[1]));
      }
    }
  }

  private static ScriptedRationalQuadratic operation(
      Knots.Axis axis, Ends ends, int bins, double floor) {
    return new ScriptedRationalQuadratic(
        new RationalQuadraticConfig(bins, 3, ends, 1e-3, floor, 1e-3), axis);
  }

  private static void close(List<double[]> expected, List<double[]> found, double tolerance) {
    for (int k = 0; k < expected.size(); k++) {
      for (int i = 0; i < expected.get(k).length; i++) {
        double e = expected.get(k)[i];
        assertEquals(
            e, found.get(k)[i], tolerance * Math.max(1, Math.abs(e)), "array " + k + ", " + i);
      }
    }
  }
}
