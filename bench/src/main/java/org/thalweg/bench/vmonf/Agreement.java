package org.thalweg.bench.vmonf;

import java.util.Arrays;
import org.thalweg.api.data.Matrix;

/**
 * How rows of classes fall into clusters.
 *
 * @param counts {@code [class][cluster]}
 */
record Agreement(long[][] counts) {
  static Agreement of(int[] classes, int[] clusters) {
    int k = Arrays.stream(classes).max().orElse(0) + 1;
    int l = Arrays.stream(clusters).max().orElse(0) + 1;
    long[][] counts = new long[k][l];
    for (int i = 0; i < classes.length; i++) {
      counts[classes[i]][clusters[i]]++;
    }
    return new Agreement(counts);
  }

  /** The most probable column of each row. */
  static int[] labels(Matrix probabilities) {
    int[] out = new int[probabilities.rows()];
    for (int i = 0; i < out.length; i++) {
      for (int c = 1; c < probabilities.columns(); c++) {
        out[i] = probabilities.get(i, c) > probabilities.get(i, out[i]) ? c : out[i];
      }
    }
    return out;
  }

  /** The adjusted Rand index (Hubert and Arabie, 1985): 1 for equal partitions, 0 by chance. */
  double adjustedRand() {
    double together =
        Arrays.stream(counts).flatMapToLong(Arrays::stream).mapToDouble(Agreement::pairs).sum();
    double ofClasses =
        Arrays.stream(counts).mapToDouble(row -> pairs(Arrays.stream(row).sum())).sum();
    double ofClusters = 0;
    long n = 0;
    for (int j = 0; j < counts[0].length; j++) {
      int column = j;
      long size = Arrays.stream(counts).mapToLong(row -> row[column]).sum();
      ofClusters += pairs(size);
      n += size;
    }
    double expected = ofClasses * ofClusters / pairs(n);
    double most = 0.5 * (ofClasses + ofClusters);
    return most == expected ? 1 : (together - expected) / (most - expected);
  }

  private static double pairs(long n) {
    return 0.5 * n * (n - 1);
  }

  /** The share of rows that lie in the cluster of their class, under the best one-to-one match. */
  double oneToOne() {
    int k = Math.max(counts.length, counts[0].length);
    long n = Arrays.stream(counts).flatMapToLong(Arrays::stream).sum();
    return (double) best(0, new boolean[k]) / n;
  }

  private long best(int row, boolean[] taken) {
    if (row == counts.length) {
      return 0;
    }
    long most = 0;
    for (int c = 0; c < taken.length; c++) {
      if (!taken[c]) {
        taken[c] = true;
        most = Math.max(most, (c < counts[row].length ? counts[row][c] : 0) + best(row + 1, taken));
        taken[c] = false;
      }
    }
    return most;
  }
}
