package org.thalweg.dnf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.random.Seed;

class IntrinsicDimensionTest {
  /** Uniform in d coordinates, which six columns are waves of. */
  @ParameterizedTest
  @CsvSource({"1, 0.1", "2, 0.15", "3, 0.25"})
  void itIsThatOfTheCoordinates(int d, double tolerance) {
    SplittableRandom random = new SplittableRandom(8);
    double[] x = new double[6 * 2500];
    for (int i = 0; i < 2500; i++) {
      double[] u = random.doubles(d).toArray();
      for (int j = 0; j < 6; j++) {
        x[6 * i + j] = j < d ? u[j] : Math.sin(u[j % d] * (j + 1)) + 0.3 * u[(j + 1) % d];
      }
    }
    double estimate = IntrinsicDimension.estimate(new Matrix(2500, 6, x), new Seed(1));
    assertEquals(d, estimate, tolerance);
  }

  @Test
  void rowsWithoutDistinctNeighboursAreTooFew() {
    ThalwegException refusal =
        assertThrows(
            ThalwegException.class,
            () -> IntrinsicDimension.estimate(Matrix.zeros(50, 3), new Seed(1)));
    assertTrue(refusal.getMessage().startsWith("Of 50 rows, 0 have"), refusal.getMessage());
  }
}
