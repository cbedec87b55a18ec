package org.thalweg.sbi.sampler;

import java.util.List;
import java.util.SplittableRandom;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.random.Seed;

/**
 * Draws with weights: sampling, importance, resampling (Rubin, 1988).
 *
 * @param points {@code [N, P]}
 * @param logWeights N of them, in nats, up to a constant; minus infinity for a weight of 0
 */
public record WeightedDraws(Matrix points, double[] logWeights) {
  /** Refuses draws of which none has any weight. */
  public WeightedDraws {
    double highest = highest(logWeights);
    if (!Double.isFinite(highest)) {
      throw ThalwegException.data(
          "None of %d draws of the proposal has any weight: it does not reach the posterior.",
          logWeights.length);
    }
  }

  private static double highest(double[] logWeights) {
    double highest = Double.NEGATIVE_INFINITY;
    for (double w : logWeights) {
      highest = Math.max(highest, w);
    }
    return highest;
  }

  /** Draws of one proposal, whose weights lack the same constant. */
  public static WeightedDraws together(List<WeightedDraws> some) {
    int p = some.get(0).points.columns();
    int n = some.stream().mapToInt(draws -> draws.logWeights.length).sum();
    Matrix points = Matrix.zeros(n, p);
    double[] weights = new double[n];
    int row = 0;
    for (WeightedDraws draws : some) {
      int rows = draws.logWeights.length;
      System.arraycopy(draws.points.values(), 0, points.values(), row * p, rows * p);
      System.arraycopy(draws.logWeights, 0, weights, row, rows);
      row += rows;
    }
    return new WeightedDraws(points, weights);
  }

  /** The effective number of draws (Kong, 1992): (sum w)^2 / sum w^2. */
  public double effective() {
    double highest = highest(logWeights);
    double sum = 0;
    double squares = 0;
    for (double w : logWeights) {
      double weight = Math.exp(w - highest);
      sum += weight;
      squares += weight * weight;
    }
    return sum * sum / squares;
  }

  /** The log of the mean weight: what the weights lack to be normalised, in nats. */
  public double logMean() {
    double highest = highest(logWeights);
    double sum = 0;
    for (double w : logWeights) {
      sum += Math.exp(w - highest);
    }
    return highest + Math.log(sum / logWeights.length);
  }

  /**
   * Points in proportion to their weights, by systematic resampling: each is taken as often as its
   * weight says, up to one. In random order.
   */
  public Matrix resample(int n, Seed seed) {
    SplittableRandom random = seed.generator();
    double highest = highest(logWeights);
    double sum = 0;
    for (double w : logWeights) {
      sum += Math.exp(w - highest);
    }
    int[] chosen = new int[n];
    double offset = random.nextDouble();
    double cumulative = 0;
    int next = 0;
    int last = 0;
    for (int i = 0; i < logWeights.length && next < n; i++) {
      double weight = Math.exp(logWeights[i] - highest);
      cumulative += weight / sum * n;
      if (weight > 0) {
        last = i;
      }
      while (next < n && next + offset < cumulative) {
        chosen[next++] = i;
      }
    }
    while (next < n) {
      // Rounding left the sum a hair short.
      chosen[next++] = last;
    }
    for (int i = n - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = chosen[i];
      chosen[i] = chosen[j];
      chosen[j] = swapped;
    }
    return points.select(chosen);
  }
}
