package org.thalweg.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.thalweg.api.engine.Engine;

/** Draws, comparisons and differences of plain numbers. */
final class Numbers {
  private Numbers() {}

  static double[] normal(long seed, int size, double scale) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] out = new double[size];
    Arrays.setAll(out, i -> scale * random.nextGaussian());
    return out;
  }

  static double[] of(Engine engine, NDArray array) {
    return engine.hostView(array).toDoubles();
  }

  /** Compares relative to the larger of 1 and the magnitude. */
  static void assertClose(double[] expected, double[] actual, double tolerance, String what) {
    assertEquals(expected.length, actual.length, what + ": length");
    for (int i = 0; i < expected.length; i++) {
      double allowed = tolerance * Math.max(1, Math.abs(expected[i]));
      double difference = Math.abs(expected[i] - actual[i]);
      int at = i;
      assertTrue(
          difference <= allowed,
          () ->
              "%s: element %d is %s, should be %s within %s"
                  .formatted(what, at, actual[at], expected[at], allowed));
    }
  }

  static void assertFinite(double[] values, String what) {
    for (int i = 0; i < values.length; i++) {
      int at = i;
      assertTrue(Double.isFinite(values[i]), () -> what + ": element " + at + " is " + values[at]);
    }
  }

  /** A central difference of {@code f} in the element {@code i} of {@code at}. */
  static double difference(ToDoubleFunction<double[]> f, double[] at, int i, double step) {
    double[] up = at.clone();
    double[] down = at.clone();
    up[i] += step;
    down[i] -= step;
    return (f.applyAsDouble(up) - f.applyAsDouble(down)) / (2 * step);
  }

  /** log |det| of a square matrix given by rows, by elimination with pivots; overwrites it. */
  static double logAbsDet(double[][] matrix) {
    int n = matrix.length;
    double sum = 0;
    for (int k = 0; k < n; k++) {
      int pivot = k;
      for (int i = k + 1; i < n; i++) {
        if (Math.abs(matrix[i][k]) > Math.abs(matrix[pivot][k])) {
          pivot = i;
        }
      }
      double[] row = matrix[pivot];
      matrix[pivot] = matrix[k];
      matrix[k] = row;
      sum += Math.log(Math.abs(row[k]));
      for (int i = k + 1; i < n; i++) {
        double factor = matrix[i][k] / row[k];
        for (int j = k; j < n; j++) {
          matrix[i][j] -= factor * row[j];
        }
      }
    }
    return sum;
  }

  static double[] concat(double[]... parts) {
    return Arrays.stream(parts).flatMapToDouble(Arrays::stream).toArray();
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
