package org.thalweg.vmonf;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.random.Seed;

/**
 * Lloyd's algorithm from starts that are spread over the rows (Arthur and Vassilvitskii, 2007,
 * k-means++), the best of a few.
 */
public final class KMeans {
  private static final int STARTS = 10;
  private static final int MOST_ROUNDS = 200;

  private final Matrix rows;
  private final int k;

  /** For {@code [N, D]} rows. */
  public KMeans(Matrix rows, int k) {
    this.rows = rows;
    this.k = k;
  }

  /** The cluster of each row, counted from 0. */
  public int[] clusters(Seed seed) {
    int[] best = new int[rows.rows()];
    double least = Double.POSITIVE_INFINITY;
    for (int start = 0; start < STARTS; start++) {
      double[][] centres = spread(seed.child(start).generator());
      int[] clusters = new int[rows.rows()];
      double sum = assign(centres, clusters);
      double before = Double.POSITIVE_INFINITY;
      for (int round = 0; round < MOST_ROUNDS && sum < before; round++) {
        before = sum;
        move(centres, clusters);
        sum = assign(centres, clusters);
      }
      if (sum < least) {
        least = sum;
        best = clusters;
      }
    }
    return best;
  }

  private double[][] spread(SplittableRandom random) {
    double[][] centres = new double[k][];
    double[] nearest = new double[rows.rows()];
    Arrays.fill(nearest, Double.POSITIVE_INFINITY);
    centres[0] = rows.row(random.nextInt(rows.rows()));
    for (int c = 1; c < k; c++) {
      double sum = 0;
      for (int i = 0; i < nearest.length; i++) {
        nearest[i] = Math.min(nearest[i], distance(i, centres[c - 1]));
        sum += nearest[i];
      }
      double at = random.nextDouble() * sum;
      int chosen = 0;
      while (chosen < nearest.length - 1 && at >= nearest[chosen]) {
        at -= nearest[chosen++];
      }
      centres[c] = rows.row(chosen);
    }
    return centres;
  }

  /** Puts rows into the clusters of the nearest centres; the sum of the squared distances. */
  private double assign(double[][] centres, int[] clusters) {
    double sum = 0;
    for (int i = 0; i < clusters.length; i++) {
      double least = Double.POSITIVE_INFINITY;
      for (int c = 0; c < k; c++) {
        double distance = distance(i, centres[c]);
        if (distance < least) {
          least = distance;
          clusters[i] = c;
        }
      }
      sum += least;
    }
    return sum;
  }

  /** Moves centres to the means of their clusters; one without rows stays. */
  private void move(double[][] centres, int[] clusters) {
    int d = rows.columns();
    double[][] sums = new double[k][d];
    int[] counts = new int[k];
    for (int i = 0; i < clusters.length; i++) {
      counts[clusters[i]]++;
      for (int j = 0; j < d; j++) {
        sums[clusters[i]][j] += rows.values()[i * d + j];
      }
    }
    for (int c = 0; c < k; c++) {
      for (int j = 0; j < d && counts[c] > 0; j++) {
        centres[c][j] = sums[c][j] / counts[c];
      }
    }
  }

  private double distance(int row, double[] centre) {
    int d = rows.columns();
    double sum = 0;
    for (int j = 0; j < d; j++) {
      double difference = rows.values()[row * d + j] - centre[j];
      sum += difference * difference;
    }
    return sum;
  }
}
