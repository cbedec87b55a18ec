package org.thalweg.maf;

import org.thalweg.api.config.Option;

/** The options of {@link MadeProvider}. */
public record MadeConfig(
    @Option(
            value = "units of each hidden layer; there are at least as many as columns in any case",
            min = 1,
            max = 65536)
        int hidden,
    @Option(value = "residual blocks of two layers", min = 0, max = 64) int blocks,
    @Option(value = "probability that a unit is dropped in training", min = 0, max = 0.95)
        double dropout,
    @Option(value = "Gaussians in each conditional", min = 1, max = 1000) int components) {

  /** What suits tables of a few thousand rows. */
  public static final MadeConfig DEFAULT = new MadeConfig(128, 2, 0, 10);
}
