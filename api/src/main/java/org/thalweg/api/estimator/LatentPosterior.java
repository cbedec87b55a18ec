package org.thalweg.api.estimator;

import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.random.Seed;

/** A model of noisy rows that says what the row without noise may have been. */
@FunctionalInterface
public interface LatentPosterior {
  /**
   * What p(noise-free row | row, its noise) looks like.
   *
   * @param samples {@code [N * K, D]} in the user's units, K consecutive rows for each row
   * @param means {@code [N, D]}, the posterior's means, as exact as the model can say
   * @param standardDeviations {@code [N, D]}, likewise
   * @param effectiveSampleSizes one a row: how many independent draws the K samples are worth,
   *     between 1 and K
   */
  record Draws(
      Matrix samples, Matrix means, Matrix standardDeviations, double[] effectiveSampleSizes) {}

  /**
   * Draws K noise-free rows for each row.
   *
   * @param rows in the user's units, with their noise; missing features (NaN) are drawn too
   * @param perRow K, at least 1
   */
  Draws denoise(Rows rows, int perRow, Seed seed);
}
