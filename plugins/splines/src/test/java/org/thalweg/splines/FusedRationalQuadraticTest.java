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

/** The fused operation and its composed twin are the same function with the same gradients. */
class FusedRationalQuadraticTest {
  /** More than two blocks of the fused loop, and not a multiple of one. */
  private static final int N = 150;

  private record Numbers(List<double[]> all) {}

  private static Numbers run(
      Engine engine,
      RationalQuadratic spline,
      Knots.Axis axis,
      long seed,
      double scale,
      boolean fused) {
    try (Tape tape = engine.newTape(Tape.Mode.FIRST_ORDER)) {
      double reach = spline.config().ends() == Ends.CIRCULAR ? Math.PI : 4;
      double[] values = Splines.uniform(seed, N, reach);
      values[0] = 3;
      values[1] = -3;
      double[] weights = Splines.normal(seed + 1, 2 * N, 1);
      NDArray x = tape.variable(tape.constant(values, new Shape(N, 1)));
      double[] free = Splines.normal(seed + 2, N * spline.parameterCount(), scale);
      NDArray parameters = tape.variable(Splines.parameters(tape, spline, N, free));
      var operation = new FusedRationalQuadratic(spline, axis, tape.mode());
      NDArray exponentials = parameters.stopGradient().exp();
      NDList mapped =
          fused
              ? tape.apply(operation, x, parameters, exponentials)
              : operation.composed(tape, new NDList(x, parameters, exponentials));
      NDArray towards = tape.constant(weights, new Shape(2, N, 1));
      NDArray loss =
          mapped.get(0).mul(towards.get(0)).sum().add(mapped.get(1).mul(towards.get(1)).sum());
      tape.backward(loss);
      List<double[]> out = new ArrayList<>();
      for (NDArray each :
          List.of(mapped.get(0), mapped.get(1), tape.gradient(x), tape.gradient(parameters))) {
        out.add(engine.hostView(each).toDoubles());
      }
      return new Numbers(out);
    }
  }

  @Property(tries = 30)
  void theTwinsAgreeInDoublePrecision(
      @ForAll long seed,
      @ForAll Knots.Axis axis,
      @ForAll Ends ends,
      @ForAll @IntRange(min = 2, max = 20) int bins,
      @ForAll @DoubleRange(min = 0.01, max = 2) double scale) {
    agree(Splines.DOUBLE, Splines.DOUBLE, seed, axis, ends, bins, scale, 1e-6);
  }

  /** Single precision against double: the fused form computes in double inside. */
  @Property(tries = 30)
  void inSinglePrecisionItIsNearTheDoubleOne(
      @ForAll long seed,
      @ForAll Knots.Axis axis,
      @ForAll Ends ends,
      @ForAll @IntRange(min = 2, max = 20) int bins,
      @ForAll @DoubleRange(min = 0.01, max = 1) double scale) {
    agree(Splines.SINGLE, Splines.DOUBLE, seed, axis, ends, bins, scale, 2e-3);
  }

  /** Logits beyond what counts: the fused form clips exponentials, the composed one logits. */
  @Property(tries = 30)
  void valuesAgreeUnderExtremeParameters(
      @ForAll long seed, @ForAll Knots.Axis axis, @ForAll Ends ends) {
    var spline = new RationalQuadratic(new RationalQuadraticConfig(8, 3, ends, 1e-3, 1e-3, 1e-3));
    List<double[]> fused = run(Splines.DOUBLE, spline, axis, seed, 60, true).all();
    List<double[]> composed = run(Splines.DOUBLE, spline, axis, seed, 60, false).all();
    List<double[]> single = run(Splines.SINGLE, spline, axis, seed, 60, true).all();
    for (int i = 0; i < N; i++) {
      assertEquals(composed.get(0)[i], fused.get(0)[i], 1e-6, "value " + i);
      assertEquals(composed.get(0)[i], single.get(0)[i], 1e-3, "value in single precision " + i);
    }
    for (double[] numbers : single) {
      assertTrue(Arrays.stream(numbers).allMatch(Double::isFinite));
    }
  }

  private static void agree(
      Engine ofFused,
      Engine ofComposed,
      long seed,
      Knots.Axis axis,
      Ends ends,
      int bins,
      double scale,
      double tolerance) {
    var spline =
        new RationalQuadratic(new RationalQuadraticConfig(bins, 3, ends, 1e-3, 1e-3, 1e-3));
    List<double[]> fused = run(ofFused, spline, axis, seed, scale, true).all();
    List<double[]> composed = run(ofComposed, spline, axis, seed, scale, false).all();
    for (int k = 0; k < fused.size(); k++) {
      for (int i = 0; i < fused.get(k).length; i++) {
        double expected = composed.get(k)[i];
        assertEquals(
            expected,
            fused.get(k)[i],
            tolerance * Math.max(1, Math.abs(expected)),
            "array " + k + ", element " + i);
      }
    }
  }
}
