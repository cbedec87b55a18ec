package org.thalweg.aem;

import org.thalweg.api.config.Option;

/** The options of what importance samples are drawn from. */
public record ProposalConfig(
    @Option("what importance samples are drawn from") Family proposal,
    @Option(value = "Gaussians in the mixture of each column", min = 1, max = 1000) int components,
    @Option(
            value =
                "share of the importance samples that comes from one wide Gaussian instead of the"
                    + " mixture",
            min = 0,
            max = 0.9)
        double defensive,
    @Option("lower end of the box, in the unit of the columns; low = high: the table's range")
        double low,
    @Option("upper end of the box, in the unit of the columns") double high) {

  /** What importance samples are drawn from. */
  public enum Family {
    /** A mixture of Gaussians for each column, which the masked net reads from those before. */
    MIXTURE,
    /** A fixed interval for each column; the density is zero outside. */
    BOX
  }
}
