package org.thalweg.toolkit.infer;

import org.thalweg.api.data.Matrix;
import org.thalweg.api.random.Seed;

/**
 * A posterior that knows the log-density of its own draws as it makes them: cheaper than to ask for
 * it afterwards where a flow runs one way alone.
 */
@FunctionalInterface
public interface ScoredSampler {
  /**
   * Draws with their log-densities.
   *
   * @param draws {@code [n, P]} in the user's units, as {@code Posterior.sample} gives them
   * @param logDensity {@code [n]}, in nats, exact
   */
  record Scored(Matrix draws, double[] logDensity) {}

  /** The draws of {@code Posterior.sample} with the same seed. */
  Scored sampleWithLogDensity(int n, Seed seed);
}
