package org.thalweg.sbi.metric;

import java.util.Arrays;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ThalwegException;

/**
 * Numbers that need no reference posterior. Both reward over-confidence: a posterior that is too
 * narrow about the right place looks better than the truth.
 */
public final class PosteriorMetrics {
  private PosteriorMetrics() {}

  /**
   * The median distance of simulated data from the observation, in the unit of the data (thesis,
   * chapter 6, figure 1; Lueckmann et al. 2021, section 2).
   *
   * @param simulated {@code [N, X]}, from parameters drawn from the posterior
   * @param observation X numbers
   */
  public static double medianDistance(Matrix simulated, double[] observation) {
    if (simulated.rows() == 0 || simulated.columns() != observation.length) {
      throw ThalwegException.usage(
          "Simulated data and observation differ in length, or there is none: %d x %d and %d.",
          simulated.rows(), simulated.columns(), observation.length);
    }
    double[] distances = new double[simulated.rows()];
    for (int i = 0; i < distances.length; i++) {
      double sum = 0;
      for (int j = 0; j < observation.length; j++) {
        double difference = simulated.get(i, j) - observation[j];
        sum += difference * difference;
      }
      distances[i] = Math.sqrt(sum);
    }
    Arrays.sort(distances);
    int n = distances.length;
    return (distances[(n - 1) / 2] + distances[n / 2]) / 2;
  }

  /**
   * The negative log-density in nats of the true parameters under a kernel density estimate of
   * draws: Gaussian kernels of bandwidth {@code N^(-1/(D+4))} in the parameters' own units (thesis,
   * chapter 6, figure 1).
   *
   * @param draws {@code [N, D]}
   * @param truth D numbers
   */
  public static double negativeLogProbability(Matrix draws, double[] truth) {
    int n = draws.rows();
    int d = draws.columns();
    if (n == 0 || d != truth.length) {
      throw ThalwegException.usage(
          "Draws and true parameters differ in length, or there is none: %d x %d and %d.",
          n, d, truth.length);
    }
    double bandwidth = Math.pow(n, -1.0 / (d + 4));
    double[] exponents = new double[n];
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < d; j++) {
        double z = (draws.get(i, j) - truth[j]) / bandwidth;
        exponents[i] -= 0.5 * z * z;
      }
      largest = Math.max(largest, exponents[i]);
    }
    double sum = 0;
    for (double exponent : exponents) {
      sum += Math.exp(exponent - largest);
    }
    double constant = d * (0.5 * Math.log(2 * Math.PI) + Math.log(bandwidth)) + Math.log(n);
    return constant - largest - Math.log(sum);
  }
}
