package org.thalweg.deconvolution;

import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.thalweg.api.random.Seed;

/**
 * Another mixture to go on from where EM has come to rest: two Gaussians are merged and a third is
 * split (Ueda and others, 2000; Bovy, Hogg and Roweis, 2011, section 4.2). Candidates come in the
 * order of how alike two are to each other, by their Bhattacharyya distance; the third is the one
 * with the largest entropy of its share, weight times log-volume, that is neither.
 */
final class SplitAndMerge {
  /** How far apart the halves start, in standard deviations of each column. */
  private static final double APART = 0.5;

  private SplitAndMerge() {}

  /**
   * The mixture of a trial.
   *
   * @param number of the trial, counted from 0: the pair that is merged
   */
  static Mixture trial(Mixture from, int number, Seed seed) {
    int k = from.components();
    int d = from.dimension();
    int[] pair = pair(from, number);
    int third = third(from, pair, number / Math.max(1, k * (k - 1) / 2));
    double[] weights = from.weights().clone();
    double[] means = from.means().clone();
    double[] covariances = from.covariances().clone();
    int a = pair[0];
    int b = pair[1];
    double both = Math.max(1e-12, weights[a] + weights[b]);
    double share = weights[a] / both;
    for (int i = 0; i < d; i++) {
      for (int j = 0; j < d; j++) {
        double apart =
            (from.means()[a * d + i] - from.means()[b * d + i])
                * (from.means()[a * d + j] - from.means()[b * d + j]);
        covariances[(a * d + i) * d + j] =
            share * from.covariances()[(a * d + i) * d + j]
                + (1 - share) * from.covariances()[(b * d + i) * d + j]
                + share * (1 - share) * apart;
      }
      means[a * d + i] = share * from.means()[a * d + i] + (1 - share) * from.means()[b * d + i];
    }
    weights[a] = both;
    // The third goes on in two places: its own, and that of the second of the pair.
    SplittableRandom random = seed.generator();
    for (int i = 0; i < d; i++) {
      double deviation = Math.sqrt(from.covariances()[(third * d + i) * d + i]);
      double step = APART * deviation * random.nextGaussian();
      means[third * d + i] = from.means()[third * d + i] + step;
      means[b * d + i] = from.means()[third * d + i] - step;
      System.arraycopy(from.covariances(), (third * d + i) * d, covariances, (b * d + i) * d, d);
    }
    weights[third] = 0.5 * from.weights()[third];
    weights[b] = weights[third];
    return new Mixture(weights, means, covariances);
  }

  private static int[] pair(Mixture from, int number) {
    int k = from.components();
    int count = k * (k - 1) / 2;
    int[][] pairs = new int[count][];
    double[] distances = new double[count];
    int next = 0;
    for (int i = 0; i < k; i++) {
      for (int j = i + 1; j < k; j++) {
        pairs[next] = new int[] {i, j};
        distances[next++] = distance(from, i, j);
      }
    }
    return IntStream.range(0, count)
        .boxed()
        .sorted(Comparator.comparingDouble(p -> distances[p]))
        .skip(number % count)
        .findFirst()
        .map(p -> pairs[p])
        .orElseThrow();
  }

  /** Bhattacharyya's distance of two Gaussians. */
  private static double distance(Mixture from, int i, int j) {
    int d = from.dimension();
    double[] vi = from.covariance(i);
    double[] vj = from.covariance(j);
    double[] half = new double[d * d];
    for (int e = 0; e < half.length; e++) {
      half[e] = 0.5 * (vi[e] + vj[e]);
    }
    SmallMatrix.Eigen middle = SmallMatrix.eigen(half, d);
    double sum = 0;
    for (int e = 0; e < d; e++) {
      double along = 0;
      for (int a = 0; a < d; a++) {
        along += middle.vectors()[a * d + e] * (from.means()[i * d + a] - from.means()[j * d + a]);
      }
      sum += along * along / middle.values()[e] / 8 + 0.5 * Math.log(middle.values()[e]);
    }
    return sum - 0.25 * (logDeterminant(vi, d) + logDeterminant(vj, d));
  }

  private static double logDeterminant(double[] v, int d) {
    double sum = 0;
    for (double value : SmallMatrix.eigen(v, d).values()) {
      sum += Math.log(value);
    }
    return sum;
  }

  private static int third(Mixture from, int[] pair, int skip) {
    int d = from.dimension();
    return IntStream.range(0, from.components())
        .filter(j -> j != pair[0] && j != pair[1])
        .boxed()
        .sorted(
            Comparator.comparingDouble(
                j -> -from.weights()[j] * (10 + logDeterminant(from.covariance(j), d))))
        .skip(skip % (from.components() - 2))
        .findFirst()
        .orElseThrow();
  }
}
