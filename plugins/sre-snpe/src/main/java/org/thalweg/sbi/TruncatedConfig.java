package org.thalweg.sbi;

import org.thalweg.api.config.Choice;
import org.thalweg.api.config.Option;

/** The options of TSNPE. */
public record TruncatedConfig(
    @Option("the conditional density that is learnt: a registered density") Choice density,
    @Option(
            value = "the share of the posterior's mass that a round's truncation may leave out",
            min = 0,
            max = 0.5)
        double epsilon,
    Common common) {
  /** The truncation of Deistler, Goncalves and Macke (2022), section 4. */
  static final TruncatedConfig DEFAULT =
      new TruncatedConfig(DensityConfig.MAF, 1e-4, Common.DEFAULT);
}
