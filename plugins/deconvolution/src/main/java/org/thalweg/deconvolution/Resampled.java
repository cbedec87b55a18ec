package org.thalweg.deconvolution;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.estimator.LatentPosterior;

/** Collects rows that are resampled from weighted ones, and the weighted ones' moments. */
final class Resampled {
  private final int perRow;
  private final int dimension;
  private final Matrix samples;
  private final Matrix means;
  private final Matrix deviations;
  private final double[] effective;

  Resampled(int rows, int perRow, int dimension) {
    this.perRow = perRow;
    this.dimension = dimension;
    this.samples = Matrix.zeros(rows * perRow, dimension);
    this.means = Matrix.zeros(rows, dimension);
    this.deviations = Matrix.zeros(rows, dimension);
    this.effective = new double[rows];
  }

  /**
   * Takes a row's draws.
   *
   * @param values row-major; the draws begin at row {@code first}
   * @param logWeights one a draw
   */
  void add(int row, double[] values, int first, double[] logWeights, SplittableRandom random) {
    double most = Arrays.stream(logWeights).max().orElse(0);
    double[] weights = Arrays.stream(logWeights).map(w -> Math.exp(w - most)).toArray();
    double sum = Arrays.stream(weights).sum();
    double squares = 0;
    double[] cumulative = new double[weights.length];
    double up = 0;
    for (int k = 0; k < weights.length; k++) {
      weights[k] /= sum;
      squares += weights[k] * weights[k];
      up += weights[k];
      cumulative[k] = up;
    }
    effective[row] = Math.min(perRow, 1 / squares);
    for (int j = 0; j < dimension; j++) {
      moments(row, j, values, first, weights);
    }
    for (int s = 0; s < perRow; s++) {
      int at = Arrays.binarySearch(cumulative, random.nextDouble() * up);
      int chosen = Math.min(weights.length - 1, at < 0 ? -at - 1 : at);
      System.arraycopy(
          values,
          (first + chosen) * dimension,
          samples.values(),
          (row * perRow + s) * dimension,
          dimension);
    }
  }

  private void moments(int row, int column, double[] values, int first, double[] weights) {
    double mean = 0;
    for (int k = 0; k < weights.length; k++) {
      mean += weights[k] * values[(first + k) * dimension + column];
    }
    double variance = 0;
    for (int k = 0; k < weights.length; k++) {
      double away = values[(first + k) * dimension + column] - mean;
      variance += weights[k] * away * away;
    }
    means.values()[row * dimension + column] = mean;
    deviations.values()[row * dimension + column] = Math.sqrt(variance);
  }

  LatentPosterior.Draws draws() {
    return new LatentPosterior.Draws(samples, means, deviations, effective);
  }
}
