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
 * @param check how much is done to find out whether the posterior can be trusted
 */
record Common(
    Training training,
    double validation,
    SupportHandling support,
    SamplerConfig sampling,
    SimulationConfig simulation,
    CheckConfig check) {
  /**
   * What does well from a few hundred simulations to a hundred thousand: steps that shrink to
   * nothing over as many as the number of simulations asks for ({@link Trainer}), fewer where the
   * validation rows no longer gain. The epochs are no limit.
   */
  static final Training TRAINING =
      new Training(10_000, 0, 100, 1e-3, Training.Schedule.COSINE, 20, 0, 5, 0, 10);

  static final double VALIDATION = 0.1;
}
