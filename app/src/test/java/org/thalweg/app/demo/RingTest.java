package org.thalweg.app.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.random.Seed;

class RingTest {
  private static final int GRID = 600;
  private static final double HALF = 1.8;

  private static Matrix grid() {
    Matrix out = Matrix.zeros(GRID * GRID, 2);
    for (int i = 0; i < GRID * GRID; i++) {
      out.values()[2 * i] = -HALF + 2 * HALF * (i % GRID + 0.5) / GRID;
      out.values()[2 * i + 1] = -HALF + 2 * HALF * (i / GRID + 0.5) / GRID;
    }
    return out;
  }

  @Test
  void theDensityIntegratesToOneAndItsMeanLogIsThePublishedOne() {
    double area = 4 * HALF * HALF / (GRID * GRID);
    double[] values = Ring.logDensity(grid());
    assertEquals(1, Arrays.stream(values).map(Math::exp).sum() * area, 1e-6);
    double mean = Arrays.stream(values).map(v -> v * Math.exp(v)).sum() * area;
    assertEquals(-0.312, mean, 5e-4);
    assertEquals(mean, Ring.MEAN_LOG_DENSITY, 1e-3);
  }

  @Test
  void samplesComeFromTheDensity() {
    double[] values = Ring.logDensity(Ring.sample(40_000, new Seed(3)));
    // The log-density of a row has s.d. 1: the mean of 40,000 has 0.005.
    assertEquals(-0.312, Arrays.stream(values).average().orElseThrow(), 0.02);
    double spread = Arrays.stream(values).map(v -> (v + 0.312) * (v + 0.312)).average().orElse(0);
    assertEquals(1, spread, 0.05);
  }
}
