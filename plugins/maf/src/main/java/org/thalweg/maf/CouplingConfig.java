package org.thalweg.maf;

import org.thalweg.api.config.Choice;
import org.thalweg.api.config.Option;

/** The options of {@link CouplingProvider}. */
public record CouplingConfig(
    @Option(value = "units of each hidden layer", min = 1, max = 65536) int hidden,
    @Option(value = "residual blocks of two layers", min = 0, max = 64) int blocks,
    @Option(value = "probability that a unit is dropped in training", min = 0, max = 0.95)
        double dropout,
    @Option("the columns that are transformed given the others, counted from 1") Parity transformed,
    @Option("what happens to the columns that the others are conditioned on") Rest rest,
    @Option("what each column is transformed by") Choice univariate) {

  /** Every second column. */
  public enum Parity {
    /** The second, the fourth, ... */
    EVEN,
    /** The first, the third, ... */
    ODD
  }

  /** What happens to the columns that the others are conditioned on. */
  public enum Rest {
    /** They are transformed by the same family with free parameters. */
    FREE,
    /** They stay. */
    FIXED
  }

  /** Affine maps from a net that suits small tables. */
  public static final CouplingConfig DEFAULT =
      new CouplingConfig(64, 2, 0, Parity.EVEN, Rest.FREE, Choice.of("affine"));
}
