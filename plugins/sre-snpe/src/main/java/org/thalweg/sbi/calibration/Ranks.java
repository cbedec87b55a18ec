package org.thalweg.sbi.calibration;

import java.util.Arrays;
import org.thalweg.sbi.calibration.Picture.Curve;

/** Ranks among draws, as numbers that are uniform where truth and draws are alike. */
final class Ranks {
  /** What counts as a test that failed. */
  static final double THRESHOLD = 0.01;

  /** Above this, the distribution of ranks is wrong enough to make intervals useless. */
  static final double USELESS = 0.2;

  private Ranks() {}

  /**
   * The place of the truth among K draws, spread out over its own step, so that it is exactly
   * uniform and not only nearly.
   */
  static double uniform(int below, int draws, double random) {
    return (below + random) / (draws + 1);
  }

  /** How they are not uniform, in words. */
  static String shape(double[] u) {
    double mean = Arrays.stream(u).average().orElseThrow();
    double spread = Arrays.stream(u).map(x -> (x - 0.5) * (x - 0.5)).average().orElseThrow();
    double shift = Math.abs(mean - 0.5) * Math.sqrt(12.0 * u.length);
    // The variance of (u - 1/2)^2 is 1/180.
    double width = Math.abs(spread - 1.0 / 12) * Math.sqrt(180.0 * u.length);
    if (shift > width) {
      return mean > 0.5 ? "its values are too small" : "its values are too large";
    }
    return spread < 1.0 / 12 ? "it is too wide" : "it is too narrow";
  }

  static Curve distribution(String name, double[] u) {
    double[] x = new double[101];
    double[] y = new double[101];
    double[] sorted = u.clone();
    Arrays.sort(sorted);
    int at = 0;
    for (int i = 0; i <= 100; i++) {
      x[i] = i / 100.0;
      while (at < sorted.length && sorted[at] <= x[i]) {
        at++;
      }
      y[i] = at / (double) sorted.length;
    }
    return new Curve(name, x, y);
  }

  static Curve diagonal() {
    return new Curve("calibrated", new double[] {0, 1}, new double[] {0, 1});
  }
}
