package org.thalweg.sbi.calibration;

import org.thalweg.api.data.Matrix;
import org.thalweg.api.random.Seed;

/** Observations in, draws of their posteriors out: what is checked. */
@FunctionalInterface
public interface ConditionalDraws {
  /**
   * Draws for each of several observations; of an amortised posterior, its own method.
   *
   * @param perObservation K, the independent draws for each
   * @param observations {@code [N, X]}
   * @param seed the origin of the draws
   * @return {@code [N * K, P]}, K consecutive rows for each observation
   */
  Matrix sample(int perObservation, Matrix observations, Seed seed);
}
