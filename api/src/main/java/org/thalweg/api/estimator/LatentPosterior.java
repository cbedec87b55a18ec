package org.thalweg.api.estimator;

import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.random.Seed;

/** A model of noisy rows that says what the row without noise may have been. */
@FunctionalInterface
public interface LatentPosterior {
  /**
   * Draws from p(noise-free row | row, its noise).
   *
   * @param samples {@code [N * K, D]} in the user's units, K consecutive rows for each row
   * @param effectiveSampleSizes one a row, between 1 and K
   */
  record Draws(Matrix samples, double[] effectiveSampleSizes) {}

  /** Draws K noise-free rows for each row. */
  Draws denoise(Rows rows, int perRow, Seed seed);
}
