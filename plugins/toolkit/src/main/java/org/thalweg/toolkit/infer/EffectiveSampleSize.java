package org.thalweg.toolkit.infer;

import java.util.Arrays;

/**
 * How many independent draws would estimate a mean as well as chains do: Geyer's initial monotone
 * sequence over the chains' autocorrelations (Vehtari et al. 2021, section 3.2).
 */
final class EffectiveSampleSize {
  private final double[][] chains;
  private final double[] means;
  private final double within;
  private final double plus;

  private EffectiveSampleSize(double[][] chains) {
    this.chains = chains;
    this.means = Arrays.stream(chains).mapToDouble(Spread::mean).toArray();
    int n = chains[0].length;
    this.within = autocovariance(0) * n / (n - 1.0);
    this.plus = autocovariance(0) + (chains.length > 1 ? Spread.variance(means) : 0);
  }

  /**
   * Of chains {@code [M, N]}. Draws that are all equal leave nothing to estimate: as many as there
   * are.
   */
  static double of(double[][] chains) {
    double draws = (double) chains.length * chains[0].length;
    double first = chains[0][0];
    if (Arrays.stream(chains).flatMapToDouble(Arrays::stream).allMatch(v -> v == first)) {
      return draws;
    }
    // Antithetic chains know more than independent draws, but not without limit.
    return draws / Math.max(new EffectiveSampleSize(chains).time(), 1 / Math.log10(draws));
  }

  /** The autocorrelation time. Lags come in pairs, whose sums are positive and do not increase. */
  private double time() {
    int n = chains[0].length;
    double even = 1;
    double odd = correlation(1);
    double least = even + odd;
    double sum = 0;
    int lag = 0;
    while (even + odd > 0 && lag < n - 4) {
      sum += Math.min(least, even + odd);
      least = Math.min(least, even + odd);
      lag += 2;
      even = correlation(lag);
      odd = correlation(lag + 1);
    }
    // The lag after the last pair that counts makes the estimate better, unless noise has made it
    // negative.
    return -1 + 2 * sum + (even + odd < 0 ? Math.max(even, 0) : even);
  }

  private double correlation(int lag) {
    return 1 - (within - autocovariance(lag)) / plus;
  }

  /** The mean of the chains'. */
  private double autocovariance(int lag) {
    double total = 0;
    for (int m = 0; m < chains.length; m++) {
      double[] chain = chains[m];
      double sum = 0;
      for (int i = 0; i + lag < chain.length; i++) {
        sum += (chain[i] - means[m]) * (chain[i + lag] - means[m]);
      }
      total += sum / chain.length;
    }
    return total / chains.length;
  }
}
