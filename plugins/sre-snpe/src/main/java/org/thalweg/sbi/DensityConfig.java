package org.thalweg.sbi;

import java.util.Map;
import org.thalweg.api.config.Choice;
import org.thalweg.api.config.Option;

/** The options of methods that learn a density by maximum likelihood. */
public record DensityConfig(
    @Option("the conditional density that is learnt: a registered density") Choice density,
    Common common) {
  /** A masked autoregressive flow as in Durkan, Murray and Papamakarios (2020), section 5. */
  static final Choice MAF = new Choice("maf", Map.of("hidden", 50, "blocks", 1));

  /** What does well on a few hundred simulations and more. */
  static final DensityConfig DEFAULT = new DensityConfig(MAF, Common.DEFAULT);
}
