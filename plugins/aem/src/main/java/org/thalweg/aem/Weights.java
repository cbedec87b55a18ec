package org.thalweg.aem;

/**
 * Importance weights of one conditional, as they come: their mean, and how uneven they are. Kept
 * relative to the largest so far, as energies have an offset that is free to drift.
 */
final class Weights {
  private double highest = Double.NEGATIVE_INFINITY;
  private double sum;
  private double squares;
  private long count;

  /** One more, by its logarithm. */
  void add(double logWeight) {
    if (logWeight > highest) {
      double factor = Math.exp(highest - logWeight);
      sum *= factor;
      squares *= factor * factor;
      highest = logWeight;
    }
    double weight = Math.exp(logWeight - highest);
    sum += weight;
    squares += weight * weight;
    count++;
  }

  /** The logarithm of their mean: the estimate of log Z (Durkan and Nash, 2019, eq. 8). */
  double logMean() {
    return highest + Math.log(sum / count);
  }

  /** (sum w)^2 / sum w^2, between 1 and their number (Kong, 1992). */
  double effective() {
    return sum * sum / squares;
  }

  /**
   * The variance of {@link #logMean} to first order: that of the weights over S and their mean^2.
   */
  double variance() {
    return Math.max(0, count / effective() - 1) / (count - 1);
  }
}
