package org.thalweg.sbi;

/** Mean and standard deviation of numbers. */
record Moments(double mean, double deviation) {
  static Moments of(double[] values) {
    double mean = 0;
    for (double v : values) {
      mean += v / values.length;
    }
    double square = 0;
    for (double v : values) {
      square += (v - mean) * (v - mean) / values.length;
    }
    return new Moments(mean, Math.sqrt(square));
  }
}
