package org.thalweg.toolkit.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Kind;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Role;
import org.thalweg.api.data.Rows;
import org.thalweg.api.data.Schema;
import org.thalweg.api.random.Seed;

class DequantiserTest {
  @Test
  void noiseIsUniformOverOneStepAndLeavesOtherColumnsAlone() {
    Schema schema =
        new Schema(List.of(Column.feature("a").withResolution(0.1), Column.feature("b")));
    int n = 20_000;
    double[] values = new double[2 * n];
    Arrays.fill(values, 3.2);
    Matrix spread =
        Dequantiser.apply(Rows.of(new Matrix(n, 2, values)), schema, new Seed(5)).features();
    double[] a = spread.column(0);
    assertTrue(Arrays.stream(a).allMatch(v -> v >= 3.15 && v <= 3.25));
    assertEquals(3.2, Arrays.stream(a).average().orElseThrow(), 4 * 0.1 / Math.sqrt(12.0 * n));
    double variance = Arrays.stream(a).map(v -> (v - 3.2) * (v - 3.2)).average().orElseThrow();
    assertEquals(0.01 / 12, variance, 4 * 0.01 / 12 / Math.sqrt(n));
    assertArrayEquals(new Matrix(n, 2, values).column(1), spread.column(1));
  }

  @Test
  void wholeNumbersHaveStepOneAndBoundsHold() {
    Column whole = new Column("n", Role.FEATURE, new Kind.IntegerValued(), OptionalDouble.empty());
    assertEquals(OptionalDouble.of(1), Dequantiser.step(whole));
    Column bounded = new Column("p", Role.FEATURE, new Kind.Bounded(0, 1), OptionalDouble.of(0.5));
    Matrix ends = new Matrix(1000, 1, new double[1000]);
    double[] spread =
        Dequantiser.apply(Rows.of(ends), new Schema(List.of(bounded)), new Seed(1))
            .features()
            .values();
    assertTrue(Arrays.stream(spread).allMatch(v -> v >= 0 && v <= 0.25));
  }
}
