package org.thalweg.sbi.sampler;

import org.thalweg.api.data.Matrix;
import org.thalweg.api.random.Seed;

/** A sampler that moves many chains at once. */
@FunctionalInterface
public interface MarkovChains {
  /**
   * Moves chains from where they start.
   *
   * @param start {@code [chains, P]}, each with a finite log-density
   * @param draws how many points of each chain are kept
   * @param seed the origin of the draws
   */
  Chains run(Matrix start, int draws, Seed seed);
}
