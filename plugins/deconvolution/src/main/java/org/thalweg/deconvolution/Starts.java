package org.thalweg.deconvolution;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Splitter;

/**
 * A mixture to begin with: k-means with centres that are drawn far from each other (Arthur and
 * Vassilvitskii, 2007), over the observed features of some rows. Variances are those of the
 * clusters less the mean variance of the errors.
 */
final class Starts {
  private static final int MOST_ROWS = 20_000;
  private static final int ROUNDS = 10;

  /** The least that is left of a variance when the errors' is taken away. */
  private static final double LEAST = 0.1;

  private final NoisyRows rows;
  private final int[] chosen;
  private final int d;
  private final int k;

  private Starts(NoisyRows rows, int[] chosen, int components) {
    this.rows = rows;
    this.chosen = chosen;
    this.d = rows.dimension();
    this.k = components;
  }

  /** A mixture of a number of components. */
  static Mixture of(NoisyRows rows, int components, Seed seed) {
    int[] order = Splitter.shuffled(rows.size(), seed.child("rows"));
    int[] chosen = Arrays.copyOf(order, Math.min(MOST_ROWS, order.length));
    return new Starts(rows, chosen, components).run(seed.child("centres").generator());
  }

  private Mixture run(SplittableRandom random) {
    double[] centres = centres(random);
    int[] nearest = new int[chosen.length];
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < chosen.length; i++) {
        nearest[i] = nearest(chosen[i], centres);
      }
      move(centres, nearest);
    }
    return mixture(centres, nearest);
  }

  private double[] centres(SplittableRandom random) {
    double[] centres = new double[k * d];
    double[] distance = new double[chosen.length];
    Arrays.fill(distance, Double.POSITIVE_INFINITY);
    int next = chosen[random.nextInt(chosen.length)];
    for (int j = 0; j < k; j++) {
      for (int a = 0; a < d; a++) {
        centres[j * d + a] = rows.value(next, a);
      }
      double sum = 0;
      for (int i = 0; i < chosen.length; i++) {
        distance[i] = Math.min(distance[i], distance(chosen[i], centres, j));
        sum += distance[i];
      }
      double at = random.nextDouble() * sum;
      int found = 0;
      while (found < chosen.length - 1 && at >= distance[found]) {
        at -= distance[found++];
      }
      next = chosen[found];
    }
    return centres;
  }

  private double distance(int row, double[] centres, int j) {
    double sum = 0;
    for (int a = 0; a < d; a++) {
      if (rows.observed(row, a)) {
        double away = rows.value(row, a) - centres[j * d + a];
        sum += away * away;
      }
    }
    return sum;
  }

  private int nearest(int row, double[] centres) {
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int j = 0; j < k; j++) {
      double distance = distance(row, centres, j);
      if (distance < least) {
        least = distance;
        best = j;
      }
    }
    return best;
  }

  private void move(double[] centres, int[] nearest) {
    double[] sums = new double[k * d];
    int[] counts = new int[k * d];
    for (int i = 0; i < chosen.length; i++) {
      for (int a = 0; a < d; a++) {
        if (rows.observed(chosen[i], a)) {
          sums[nearest[i] * d + a] += rows.value(chosen[i], a);
          counts[nearest[i] * d + a]++;
        }
      }
    }
    for (int c = 0; c < sums.length; c++) {
      centres[c] = counts[c] > 0 ? sums[c] / counts[c] : centres[c];
    }
  }

  private Mixture mixture(double[] centres, int[] nearest) {
    double[] weights = new double[k];
    double[] squares = new double[k * d];
    double[] noise = new double[k * d];
    int[] counts = new int[k * d];
    for (int i = 0; i < chosen.length; i++) {
      weights[nearest[i]] += 1.0 / chosen.length;
      for (int a = 0; a < d; a++) {
        if (rows.observed(chosen[i], a)) {
          int c = nearest[i] * d + a;
          double away = rows.value(chosen[i], a) - centres[c];
          squares[c] += away * away;
          noise[c] += rows.variance(chosen[i], a);
          counts[c]++;
        }
      }
    }
    double[] covariances = new double[k * d * d];
    for (int j = 0; j < k; j++) {
      for (int a = 0; a < d; a++) {
        int c = j * d + a;
        // Of a cluster of one row nothing is known; standardised columns have a variance of 1.
        double variance = counts[c] > 1 ? squares[c] / counts[c] : 1;
        double error = counts[c] > 1 ? noise[c] / counts[c] : 0;
        covariances[(j * d + a) * d + a] =
            Math.max(1e-4, Math.max(variance - error, LEAST * variance));
      }
    }
    double least = 1e-3 / k;
    double sum = Arrays.stream(weights).map(w -> Math.max(least, w)).sum();
    double[] shares = Arrays.stream(weights).map(w -> Math.max(least, w) / sum).toArray();
    return new Mixture(shares, centres, covariances);
  }
}
