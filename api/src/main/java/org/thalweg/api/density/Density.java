package org.thalweg.api.density;

import ai.djl.ndarray.NDArray;
import org.thalweg.api.random.Seed;
import org.thalweg.api.transform.Cost;

/** A normalised density over events, on a tape; differentiable in its argument and parameters. */
public interface Density {
  /**
   * Events with their log-density.
   *
   * @param value {@code [N, event]}
   * @param logDensity {@code [N]}, in nats
   */
  record Draw(NDArray value, NDArray logDensity) {}

  /**
   * The log-density of events.
   *
   * @param x {@code [N * K, event]}: K consecutive rows for each of the N rows of the context; any
   *     number of rows without a context
   * @return {@code [N * K]}, in nats; finite for every finite argument
   */
  NDArray logDensity(NDArray x);

  /**
   * Draws events, reparameterised: the draws are differentiable in the parameters and the context.
   *
   * @param perContext K, the number of draws for each row of the context
   * @param seed the origin of the draws
   * @return {@code N * K} rows, K consecutive ones for each row of the context
   */
  Draw sampleWithLogDensity(int perContext, Seed seed);

  /** The cost of {@link #logDensity}. */
  Cost densityCost();

  /** The cost of {@link #sampleWithLogDensity}. */
  Cost sampleCost();
}
