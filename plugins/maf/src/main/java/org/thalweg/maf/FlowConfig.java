package org.thalweg.maf;

import org.thalweg.api.config.Choice;
import org.thalweg.api.config.Option;

/** The options of the flows; the same for all four. */
public record FlowConfig(
    @Option(value = "transforms in a row", min = 1, max = 1000) int layers,
    @Option(
            value =
                "units of each hidden layer of a transform's net; an autoregressive one has at least"
                    + " as many as there are columns",
            min = 1,
            max = 65536)
        int hidden,
    @Option(value = "residual blocks of a transform's net", min = 0, max = 64) int blocks,
    @Option(value = "probability that a unit is dropped in training", min = 0, max = 0.95)
        double dropout,
    @Option("what mixes the columns before each transform") Mixing linear,
    @Option("what each column is transformed by") Choice univariate,
    @Option("the density that data is mapped to: a registered density") Choice base,
    @Option(
            "which direction of an autoregressive flow takes one pass; the other takes one a column")
        Fast fast,
    @Option("what keeps the columns between layers near mean 0 and variance 1")
        Normalisation normalise,
    @Option(
            value =
                "numbers that a net makes of the context for all transforms; 0 gives them the"
                    + " context itself",
            min = 0,
            max = 65536)
        int embedding) {

  /** What mixes the columns before each transform. */
  public enum Mixing {
    /** A random permutation and a learnt matrix; one more follows the last transform. */
    LU,
    /** A learnt matrix of reflections and a triangle; one more follows the last transform. */
    QR,
    /** A random permutation. */
    PERMUTATION,
    /** Nothing. */
    NONE
  }

  /** What keeps the columns between layers near mean 0 and variance 1. */
  public enum Normalisation {
    /** Nothing: the table itself is standardised, and fresh layers change little. */
    NONE,
    /** A scale and a shift before each layer, set from a first batch. */
    ACTNORM,
    /** Batch normalisation before each layer; training takes whole batches, by one worker. */
    BATCH_NORM
  }

  /** What suits tables of a few thousand rows, with a univariate family. */
  static FlowConfig with(String univariate) {
    return new FlowConfig(
        5,
        64,
        2,
        0,
        Mixing.LU,
        Choice.of(univariate),
        Choice.of("standard-normal"),
        Fast.DENSITY,
        Normalisation.NONE,
        0);
  }
}
