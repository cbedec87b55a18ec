package org.thalweg.bench.aem;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.thalweg.bench.planar.PlanarSet;

class PictureSetTest {
  private final PlanarSet picture = PictureSet.picture();

  private double logDensity(double x, double y) {
    return picture.logDensity().orElseThrow().applyAsDouble(x, y);
  }

  /** Four points in each pixel. */
  @Test
  void integratesToOne() {
    int n = 512;
    double step = 4.0 / n;
    double sum = 0;
    double entropy = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        double log = logDensity(-2 + step * (i + 0.5), -2 + step * (j + 0.5));
        sum += Math.exp(log) * step * step;
        entropy -= log * Math.exp(log) * step * step;
      }
    }
    assertEquals(1, sum, 1e-9);
    assertEquals(-entropy, meanOfDraws(), 0.02);
    assertEquals(Double.NEGATIVE_INFINITY, logDensity(2.01, 0));
  }

  private double meanOfDraws() {
    int n = 40_000;
    double[] rows = picture.sample(n, 1);
    double[] logs = new double[n];
    Arrays.setAll(logs, i -> logDensity(rows[2 * i], rows[2 * i + 1]));
    return Arrays.stream(logs).average().orElseThrow();
  }

  /** Quadrants get the share of draws that they have of the mass. */
  @Test
  void drawsFollowTheBrightness() {
    int n = 40_000;
    double[] rows = picture.sample(n, 2);
    for (int quadrant = 0; quadrant < 4; quadrant++) {
      boolean right = quadrant % 2 == 1;
      boolean up = quadrant > 1;
      long drawn = 0;
      for (int i = 0; i < n; i++) {
        drawn += rows[2 * i] > 0 == right && rows[2 * i + 1] > 0 == up ? 1 : 0;
      }
      double mass = 0;
      double step = 4.0 / 512;
      for (int i = 0; i < 256; i++) {
        for (int j = 0; j < 256; j++) {
          double x = (right ? 0 : -2) + step * (i + 0.5);
          double y = (up ? 0 : -2) + step * (j + 0.5);
          mass += Math.exp(logDensity(x, y)) * step * step;
        }
      }
      double deviation = Math.sqrt(mass * (1 - mass) / n);
      assertEquals(mass, (double) drawn / n, 4 * deviation, "quadrant " + quadrant);
    }
  }
}
