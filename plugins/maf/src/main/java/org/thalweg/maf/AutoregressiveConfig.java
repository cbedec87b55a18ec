package org.thalweg.maf;

import org.thalweg.api.config.Choice;
import org.thalweg.api.config.Option;

/** The options of {@link AutoregressiveProvider}. */
public record AutoregressiveConfig(
    @Option(
            value = "units of each hidden layer; there are at least as many as columns in any case",
            min = 1,
            max = 65536)
        int hidden,
    @Option(value = "residual blocks of two layers", min = 0, max = 64) int blocks,
    @Option(value = "probability that a unit is dropped in training", min = 0, max = 0.95)
        double dropout,
    @Option("what each column is transformed by") Choice univariate,
    @Option("which direction takes one pass; the other takes one a column") Fast fast) {

  /** Affine maps from a net that suits small tables. */
  public static final AutoregressiveConfig DEFAULT =
      new AutoregressiveConfig(64, 2, 0, Choice.of("affine"), Fast.DENSITY);
}
