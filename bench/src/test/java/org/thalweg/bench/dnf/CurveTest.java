package org.thalweg.bench.dnf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.thalweg.api.data.Matrix;

class CurveTest {
  @Test
  void speedsAreThoseOfCentralDifferences() {
    for (Curve curve : List.of(Curve.spiral(), Curve.circle())) {
      for (double at : new double[] {0.3, 1.1, 2.7}) {
        double h = 1e-5;
        double[] up = curve.point().apply(at + h);
        double[] down = curve.point().apply(at - h);
        double speed = Math.hypot(up[0] - down[0], up[1] - down[1]) / (2 * h);
        assertEquals(speed, curve.speed().applyAsDouble(at), 1e-8, curve.name());
      }
    }
  }

  /** det G = alpha^2 (1 + alpha^2 u) / (36 u) over u, and u = w^2. */
  @Test
  void theSpiralsGramDeterminantIsThatOfThePaper() {
    double u = 1.7;
    double w = Math.sqrt(u);
    double alpha = Curve.ALPHA;
    double overU = Curve.spiral().speed().applyAsDouble(w) / (2 * w);
    assertEquals(alpha * alpha * (1 + alpha * alpha * u) / (36 * u), overU * overU, 1e-10);
  }

  @Test
  void theSpiralsCoordinateIsExponential() {
    Curve spiral = Curve.spiral();
    double w = 1.3;
    double density =
        Math.exp(spiral.logDensity(new double[] {w})[0]) * spiral.speed().applyAsDouble(w);
    assertEquals(2 * w * 0.3 * Math.exp(-0.3 * w * w), density, 1e-6);
    double[] u = Arrays.stream(spiral.draw(20_000, 1)).map(v -> v * v).sorted().toArray();
    double most = 0;
    for (int i = 0; i < u.length; i++) {
      most = Math.max(most, Math.abs(1 - Math.exp(-0.3 * u[i]) - (i + 0.5) / u.length));
    }
    // 1.95 / sqrt(n) is exceeded once in a thousand.
    assertTrue(most < 1.95 / Math.sqrt(20_000), "Kolmogorov-Smirnov distance " + most);
  }

  @Test
  void theSphereHasMassOneAndItsDrawsHaveItsHeights() {
    Matrix grid = Sphere.grid(200, 100);
    double sum = 0;
    double height = 0;
    for (int i = 0; i < grid.rows(); i++) {
      double mass = Math.exp(Sphere.logDensity(grid.row(i))) * 4 * Math.PI / grid.rows();
      sum += mass;
      height += mass * grid.get(i, 2);
    }
    assertEquals(1, sum, 1e-3);
    Matrix drawn = Sphere.draw(20_000, 1);
    double mean = Arrays.stream(drawn.column(2)).average().orElseThrow();
    assertEquals(height, mean, 4 * 0.3 / Math.sqrt(20_000));
    for (int i = 0; i < 100; i++) {
      double[] row = drawn.row(i);
      assertEquals(1, row[0] * row[0] + row[1] * row[1] + row[2] * row[2], 1e-12);
    }
  }
}
