package org.thalweg.bench;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A mean with its standard error.
 *
 * @param mean of the values
 * @param error of the mean
 */
public record Score(double mean, double error) {
  /** Of values. */
  public static Score of(double[] values) {
    double mean = Arrays.stream(values).average().orElse(Double.NaN);
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    int n = values.length;
    return new Score(mean, Math.sqrt(squares / (n - 1) / n));
  }

  /** Of differences, row by row. */
  public static Score of(double[] a, double[] b) {
    return of(IntStream.range(0, a.length).mapToDouble(i -> a[i] - b[i]).toArray());
  }

  /** The same of the values with the other sign. */
  public Score negative() {
    return new Score(-mean, error);
  }
}
