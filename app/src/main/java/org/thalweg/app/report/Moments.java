package org.thalweg.app.report;

/**
 * The first two moments of a sample.
 *
 * @param mean the mean
 * @param standardDeviation the standard deviation, with N - 1; NaN for fewer than two values
 */
public record Moments(double mean, double standardDeviation) {
  /** In one pass (Welford, 1962). */
  static Moments of(double[] values) {
    double mean = 0;
    double squares = 0;
    for (int i = 0; i < values.length; i++) {
      double before = values[i] - mean;
      mean += before / (i + 1);
      squares += before * (values[i] - mean);
    }
    double variance = values.length < 2 ? Double.NaN : squares / (values.length - 1);
    return new Moments(mean, Math.sqrt(variance));
  }
}
