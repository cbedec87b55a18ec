package org.thalweg.sbi;

import org.thalweg.sbi.run.SimulationConfig;
import org.thalweg.sbi.sampler.SamplerConfig;
import org.thalweg.toolkit.train.Training;

/**
 * What all methods have options for.
 *
 * @param training how the net is trained in each round
 * @param validation the share of simulations that early stopping looks at
 * @param support what is done about parameters whose support is not the whole line
 * @param sampling how the posterior is sampled
 * @param simulation how simulations are run
 */
record Common(
    Training training,
    double validation,
    SupportHandling support,
    SamplerConfig sampling,
    SimulationConfig simulation) {
  /**
   * What does well from a few hundred simulations to a hundred thousand: small steps of small
   * batches until the validation rows no longer gain.
   */
  static final Training TRAINING =
      new Training(1000, 0, 100, 5e-4, Training.Schedule.CONSTANT, 20, 0, 5, 0, 10);

  static final double VALIDATION = 0.1;
}
