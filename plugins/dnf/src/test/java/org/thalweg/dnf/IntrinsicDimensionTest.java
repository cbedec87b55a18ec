package org.thalweg.dnf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.train.Workers;

class IntrinsicDimensionTest {
  /** Uniform in d coordinates, which six columns are waves of. */
  @ParameterizedTest
  @CsvSource({"1, 0.1", "2, 0.15", "3, 0.25"})
  void itIsThatOfTheCoordinates(int d, double tolerance) {
    assertEquals(d, estimate(waves(d), 2), tolerance);
  }

  private static Matrix waves(int d) {
    SplittableRandom random = new SplittableRandom(8);
    double[] x = new double[6 * 2500];
    for (int i = 0; i < 2500; i++) {
      double[] u = random.doubles(d).toArray();
      for (int j = 0; j < 6; j++) {
        x[6 * i + j] = j < d ? u[j] : Math.sin(u[j % d] * (j + 1)) + 0.3 * u[(j + 1) % d];
      }
    }
    return new Matrix(2500, 6, x);
  }

  private static double estimate(Matrix rows, int threads) {
    try (Workers workers = new Workers(threads)) {
      return IntrinsicDimension.estimate(rows, new Seed(1), workers);
    }
  }

  /** A parallel stream would spread over the pool that it is started in. */
  @Test
  void theThreadsAreThoseOfTheEngine() throws Exception {
    Matrix rows = waves(2);
    ForkJoinPool pool = new ForkJoinPool(4);
    try {
      double alone = pool.submit(() -> estimate(rows, 1)).get();
      assertEquals(1, pool.getPoolSize());
      assertEquals(alone, estimate(rows, 3), "whatever their number");
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void rowsWithoutDistinctNeighboursAreTooFew() {
    ThalwegException refusal =
        assertThrows(ThalwegException.class, () -> estimate(Matrix.zeros(50, 3), 1));
    assertTrue(refusal.getMessage().startsWith("Of 50 rows, 0 have"), refusal.getMessage());
  }
}
