package org.thalweg.sbi;

import org.thalweg.api.config.Choice;
import org.thalweg.api.config.Option;
import org.thalweg.sbi.run.SimulationConfig;
import org.thalweg.sbi.sampler.SamplerConfig;
import org.thalweg.toolkit.train.Training;

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
    Training training,
    @Option(value = "the share of simulations that early stopping looks at", min = 0, max = 0.9)
        double validation,
    @Option("what is done about parameters whose support is not the whole line")
        SupportHandling support,
    SamplerConfig sampling,
    SimulationConfig simulation,
    CheckConfig check) {
  /** Ten atoms. */
  static final AtomicConfig DEFAULT =
      new AtomicConfig(
          DensityConfig.MAF,
          10,
          false,
          Common.TRAINING,
          Common.VALIDATION,
          SupportHandling.MAPPED,
          SamplerConfig.DEFAULT,
          SimulationConfig.DEFAULT,
          CheckConfig.DEFAULT);

  Common common() {
    return new Common(training, validation, support, sampling, simulation, check);
  }
}
