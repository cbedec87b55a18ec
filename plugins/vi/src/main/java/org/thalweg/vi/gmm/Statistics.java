package org.thalweg.vi.gmm;

import java.util.ArrayList;
import java.util.List;

/**
 * What rows weighted by responsibilities say of each component (eq. 37). Sums over blocks of rows
 * add up.
 */
final class Statistics {
  private final int dimension;
  private final double[] counts;
  private final double[] sums;
  private final double[] squares;

  /** Of nothing yet. */
  Statistics(int components, int dimension) {
    this.dimension = dimension;
    this.counts = new double[components];
    this.sums = new double[components * dimension];
    this.squares = new double[components * dimension * dimension];
  }

  /**
   * One component's.
   *
   * @param count N_k
   * @param mean x-bar_k; zeros where the count is 0
   * @param scatter N_k S_k, {@code [D, D]}
   */
  record Component(double count, double[] mean, double[] scatter) {}

  /**
   * Adds a row.
   *
   * @param responsibility r_nk
   */
  void add(int component, double responsibility, double[] x, int offset) {
    counts[component] += responsibility;
    int sum = component * dimension;
    int square = component * dimension * dimension;
    for (int i = 0; i < dimension; i++) {
      double weighted = responsibility * x[offset + i];
      sums[sum + i] += weighted;
      for (int j = 0; j <= i; j++) {
        squares[square + i * dimension + j] += weighted * x[offset + j];
      }
    }
  }

  void add(Statistics other) {
    addTo(counts, other.counts);
    addTo(sums, other.sums);
    addTo(squares, other.squares);
  }

  private static void addTo(double[] to, double[] from) {
    for (int i = 0; i < to.length; i++) {
      to[i] += from[i];
    }
  }

  /**
   * Each component's; rows are standardised, so that the difference of squares keeps its digits.
   */
  List<Component> components() {
    List<Component> out = new ArrayList<>();
    int d = dimension;
    for (int k = 0; k < counts.length; k++) {
      double[] mean = new double[d];
      double[] scatter = new double[d * d];
      for (int i = 0; i < d && counts[k] > 0; i++) {
        mean[i] = sums[k * d + i] / counts[k];
        for (int j = 0; j <= i; j++) {
          double value = squares[(k * d + i) * d + j] - counts[k] * mean[i] * mean[j];
          scatter[i * d + j] = value;
          scatter[j * d + i] = value;
        }
      }
      out.add(new Component(counts[k], mean, scatter));
    }
    return out;
  }
}
