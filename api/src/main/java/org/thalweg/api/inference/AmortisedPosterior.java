package org.thalweg.api.inference;

import org.thalweg.api.data.Matrix;
import org.thalweg.api.random.Seed;

/**
 * A posterior that was learnt for every observation at once, so that it answers for others than the
 * problem's own without another simulation. It is the conditional model of the parameters given one
 * observation, and what calibration over many observations needs.
 */
public interface AmortisedPosterior extends Posterior {
  /** X, the numbers in one observation. */
  int observationSize();

  /**
   * Draws for each of several observations.
   *
   * @param perObservation K, the draws for each
   * @param observations {@code [N, X]}, each an observation of parameters of its own
   * @param seed the origin of the draws
   * @return {@code [N * K, P]} in the user's units, K consecutive rows for each observation
   * @throws org.thalweg.api.error.ThalwegException exit code 2, where observations have another
   *     size or hold a number that is not finite
   */
  Matrix sample(int perObservation, Matrix observations, Seed seed);

  /**
   * The log-density of parameters, each given an observation of its own; see {@link
   * #logDensityRelation}.
   *
   * @param parameters {@code [N, P]} in the user's units
   * @param observations {@code [N, X]}
   * @return N numbers in nats; minus infinity outside the support
   */
  double[] logDensity(Matrix parameters, Matrix observations);
}
