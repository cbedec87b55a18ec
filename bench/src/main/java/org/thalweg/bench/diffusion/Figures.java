package org.thalweg.bench.diffusion;

import java.util.Arrays;

/** Means and their errors. */
final class Figures {
  private Figures() {}

  static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(Double.NaN);
  }

  static double variance(double[] values) {
    double mean = mean(values);
    return Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum()
        / Math.max(1, values.length - 1);
  }

  /** The standard error of the mean. */
  static double error(double[] values) {
    return Math.sqrt(variance(values) / values.length);
  }
}
