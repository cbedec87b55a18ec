package org.thalweg.deconvolution;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A few rows with the same observed features, column after column, so that loops over rows are
 * those that a processor takes several of at once. The projection matrix of a row with missing
 * features (Bovy, Hogg and Roweis, 2011, eq. 1) is the choice of its observed ones.
 *
 * @param rows the number of each row; fewer than {@link #SIZE} in a last block
 * @param there the observed features, ascending
 * @param values {@code [m, SIZE]}
 * @param noise {@code [m, SIZE]} variances, or {@code [m (m + 1) / 2, SIZE]} lower triangles
 * @param diagonal which of the two
 * @param weights {@code [SIZE]}, 0 beyond the last row
 */
record RowBlock(
    int[] rows, int[] there, double[] values, double[] noise, boolean diagonal, double[] weights) {
  /** A multiple of the numbers in a vector register, small enough for a cache. */
  static final int SIZE = 32;

  /** The blocks of rows, in the order given within each pattern of observed features. */
  static List<RowBlock> of(NoisyRows noisy, double[] weights, int[] order) {
    Map<List<Integer>, List<Integer>> patterns = new LinkedHashMap<>();
    for (int row : order) {
      List<Integer> there = new ArrayList<>();
      for (int j = 0; j < noisy.dimension(); j++) {
        if (noisy.observed(row, j)) {
          there.add(j);
        }
      }
      patterns.computeIfAbsent(there, key -> new ArrayList<>()).add(row);
    }
    List<RowBlock> out = new ArrayList<>();
    patterns.forEach(
        (pattern, rows) -> {
          int[] there = pattern.stream().mapToInt(Integer::intValue).toArray();
          for (int from = 0; from < rows.size(); from += SIZE) {
            int to = Math.min(rows.size(), from + SIZE);
            int[] some = rows.subList(from, to).stream().mapToInt(Integer::intValue).toArray();
            out.add(block(noisy, weights, some, there));
          }
        });
    return out;
  }

  private static RowBlock block(NoisyRows noisy, double[] weights, int[] rows, int[] there) {
    int m = there.length;
    boolean diagonal = noisy.diagonal();
    double[] values = new double[m * SIZE];
    double[] noise = new double[(diagonal ? m : m * (m + 1) / 2) * SIZE];
    double[] own = new double[SIZE];
    for (int r = 0; r < SIZE; r++) {
      // What is beyond the last row is computed too, and must be finite.
      int row = rows[Math.min(r, rows.length - 1)];
      own[r] = r < rows.length ? weights[row] : 0;
      int entry = 0;
      for (int a = 0; a < m; a++) {
        values[a * SIZE + r] = noisy.value(row, there[a]);
        if (diagonal) {
          noise[a * SIZE + r] = noisy.variance(row, there[a]);
        }
        for (int b = 0; b <= a && !diagonal; b++) {
          noise[entry++ * SIZE + r] = noisy.covariance(row, there[a], there[b]);
        }
      }
    }
    return new RowBlock(rows, there, values, noise, diagonal, own);
  }

  /** Whether all features are observed. */
  boolean complete(int dimension) {
    return there.length == dimension;
  }

  /** The weights of rows that all count once. */
  static double[] ones(int rows) {
    double[] out = new double[rows];
    Arrays.fill(out, 1);
    return out;
  }
}
