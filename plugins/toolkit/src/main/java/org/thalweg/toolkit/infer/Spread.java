package org.thalweg.toolkit.infer;

import java.util.Arrays;

/** Mean and variance of some numbers. */
final class Spread {
  private Spread() {}

  static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  /** Without bias: over n - 1. */
  static double variance(double[] values) {
    double mean = mean(values);
    double sum = 0;
    for (double value : values) {
      sum += (value - mean) * (value - mean);
    }
    return sum / (values.length - 1);
  }
}
