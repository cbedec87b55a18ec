package org.thalweg.app.report;

import java.util.Arrays;

/**
 * The test of Kolmogorov and Smirnov whether two samples come from one distribution.
 *
 * @param statistic the largest distance between the two empirical distribution functions, 0 to 1
 * @param pValue the probability of at least that distance if they do, by the asymptotic law with
 *     Stephens' correction for small samples (Stephens, 1970)
 */
public record KolmogorovSmirnov(double statistic, double pValue) {
  /** Beyond, the series is exact in double precision. */
  private static final int TERMS = 20;

  /** Where the two forms of the law take equally few terms. */
  private static final double MIDDLE = 1.18;

  /** Compares two samples, each of at least one number. */
  static KolmogorovSmirnov of(double[] first, double[] second) {
    double distance = distance(sorted(first), sorted(second));
    double root = Math.sqrt((double) first.length * second.length / (first.length + second.length));
    return new KolmogorovSmirnov(distance, exceedance((root + 0.12 + 0.11 / root) * distance));
  }

  private static double[] sorted(double[] values) {
    double[] out = values.clone();
    Arrays.sort(out);
    return out;
  }

  /** Equal values are passed together, in both samples. */
  private static double distance(double[] a, double[] b) {
    double most = 0;
    int i = 0;
    int j = 0;
    while (i < a.length && j < b.length) {
      double value = Math.min(a[i], b[j]);
      while (i < a.length && a[i] <= value) {
        i++;
      }
      while (j < b.length && b[j] <= value) {
        j++;
      }
      most = Math.max(most, Math.abs((double) i / a.length - (double) j / b.length));
    }
    return most;
  }

  /** The probability that Kolmogorov's law exceeds a number (Kolmogorov, 1933). */
  static double exceedance(double lambda) {
    if (lambda <= 0) {
      return 1;
    }
    double sum = 0;
    if (lambda < MIDDLE) {
      for (int k = 1; k <= TERMS; k++) {
        double odd = (2 * k - 1) * Math.PI / lambda;
        sum += Math.exp(-odd * odd / 8);
      }
      return Math.min(1, 1 - Math.sqrt(2 * Math.PI) / lambda * sum);
    }
    for (int k = 1; k <= TERMS; k++) {
      sum += (k % 2 == 1 ? 2 : -2) * Math.exp(-2.0 * k * k * lambda * lambda);
    }
    return Math.max(0, sum);
  }
}
