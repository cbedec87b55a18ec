package org.thalweg.sbi;

import java.util.Map;
import org.thalweg.api.config.Choice;
import org.thalweg.api.config.Option;
import org.thalweg.sbi.run.SimulationConfig;
import org.thalweg.sbi.sampler.SamplerConfig;
import org.thalweg.toolkit.train.Training;

/** The options of methods that learn a density by maximum likelihood. */
public record DensityConfig(
    @Option("the conditional density that is learnt: a registered density") Choice density,
    Training training,
    @Option(value = "the share of simulations that early stopping looks at", min = 0, max = 0.9)
        double validation,
    @Option("what is done about parameters whose support is not the whole line")
        SupportHandling support,
    SamplerConfig sampling,
    SimulationConfig simulation,
    CheckConfig check) {
  /** A masked autoregressive flow as in Durkan, Murray and Papamakarios (2020), section 5. */
  static final Choice MAF = new Choice("maf", Map.of("hidden", 50, "blocks", 1));

  /** What does well on a few hundred simulations and more. */
  static final DensityConfig DEFAULT =
      new DensityConfig(
          MAF,
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
