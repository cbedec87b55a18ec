package org.thalweg.sbi;

import org.thalweg.api.config.Choice;
import org.thalweg.api.config.Option;

/** The options of SNPE-C. */
public record AtomicConfig(
    @Option("the conditional density that is learnt: a registered density") Choice density,
    @Option(value = "K, the atoms of each set; no more than there are rows in a batch", min = 2)
        int atoms,
    @Option(
            value =
                "add the likelihood of the first round's simulations to the atomic loss of later"
                    + " rounds, which holds the density inside the prior's support")
        boolean keepLikelihood,
    Common common) {
  /**
   * Ten atoms. Rounds begin with fresh weights: on few simulations those of the round before, which
   * fitted still fewer, ended farther from the exact posterior (docs/results/sbi.md). The first
   * round's likelihood is kept: on two moons the atomic loss alone ended farther from it (same
   * page).
   */
  static final AtomicConfig DEFAULT =
      new AtomicConfig(DensityConfig.MAF, 10, true, Common.DEFAULT.withFreshRounds());
}
