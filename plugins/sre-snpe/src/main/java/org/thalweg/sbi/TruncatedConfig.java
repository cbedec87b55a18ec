package org.thalweg.sbi;

import org.thalweg.api.config.Choice;
import org.thalweg.api.config.Option;
import org.thalweg.sbi.run.SimulationConfig;
import org.thalweg.sbi.sampler.SamplerConfig;
import org.thalweg.toolkit.train.Training;

/** The options of TSNPE. */
public record TruncatedConfig(
    @Option("the conditional density that is learnt: a registered density") Choice density,
    @Option(
            value = "the share of the posterior's mass that a round's truncation may leave out",
            min = 0,
            max = 0.5)
        double epsilon,
    Training training,
    @Option(value = "the share of simulations that early stopping looks at", min = 0, max = 0.9)
        double validation,
    @Option("what is done about parameters whose support is not the whole line")
        SupportHandling support,
    SamplerConfig sampling,
    SimulationConfig simulation,
    CheckConfig check) {
  /** The truncation of Deistler, Goncalves and Macke (2022), section 4. */
  static final TruncatedConfig DEFAULT =
      new TruncatedConfig(
          DensityConfig.MAF,
          1e-4,
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
