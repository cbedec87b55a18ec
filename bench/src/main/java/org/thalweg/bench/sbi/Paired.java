package org.thalweg.bench.sbi;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.thalweg.api.random.Seed;

/**
 * The mean of paired differences with its bootstrap interval.
 *
 * @param count of pairs
 * @param mean of the differences
 * @param low the 2.5 % point of the mean over 10,000 resamples of the pairs
 * @param high the 97.5 % point
 */
record Paired(int count, double mean, double low, double high) {
  private static final int RESAMPLES = 10_000;

  static Paired of(double[] differences) {
    RandomGenerator random = new Seed(1).child("bootstrap").generator();
    int n = differences.length;
    double[] means = new double[RESAMPLES];
    for (int r = 0; r < RESAMPLES; r++) {
      for (int i = 0; i < n; i++) {
        means[r] += differences[random.nextInt(n)] / n;
      }
    }
    Arrays.sort(means);
    return new Paired(
        n,
        Arrays.stream(differences).average().orElseThrow(),
        means[(int) (0.025 * RESAMPLES)],
        means[(int) (0.975 * RESAMPLES) - 1]);
  }
}
