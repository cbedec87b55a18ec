package org.thalweg.sbi.calibration;

import java.util.Arrays;

/**
 * Whether numbers are uniform between 0 and 1.
 *
 * @param statistic Anderson and Darling's A^2, which looks at the tails too
 * @param p the probability of a larger one for uniform numbers
 * @param deviation the largest distance of their distribution function from the diagonal
 */
record Uniformity(double statistic, double p, double deviation) {
  static Uniformity of(double[] values) {
    double[] u = values.clone();
    Arrays.sort(u);
    int n = u.length;
    double sum = 0;
    double deviation = 0;
    for (int i = 0; i < n; i++) {
      double low = Math.max(u[i], 1e-300);
      double high = Math.max(1 - u[n - 1 - i], 1e-300);
      sum += (2 * i + 1) * (Math.log(low) + Math.log(high));
      deviation = Math.max(deviation, Math.max(u[i] - i / (double) n, (i + 1.0) / n - u[i]));
    }
    double statistic = -n - sum / n;
    return new Uniformity(statistic, tail(statistic), deviation);
  }

  /** Marsaglia and Marsaglia (2004), Evaluating the Anderson-Darling Distribution, for large n. */
  static double tail(double z) {
    if (z <= 0) {
      return 1;
    }
    if (z < 2) {
      double poly =
          2.00012
              + (0.247105 - (0.0649821 - (0.0347962 - (0.011672 - 0.00168691 * z) * z) * z) * z)
                  * z;
      return 1 - Math.exp(-1.2337141 / z) / Math.sqrt(z) * poly;
    }
    if (z > 6) {
      // Their polynomial is for probabilities near 1. The limit is a sum of chi-squared numbers
      // whose largest weight, 1/2, makes its tail that of exp(-z) / sqrt(z).
      return tail(6) * Math.sqrt(6 / z) * Math.exp(6 - z);
    }
    double exponent =
        1.0776 - (2.30695 - (0.43424 - (0.082433 - (0.008056 - 0.0003146 * z) * z) * z) * z) * z;
    return -Math.expm1(-Math.exp(exponent));
  }
}
