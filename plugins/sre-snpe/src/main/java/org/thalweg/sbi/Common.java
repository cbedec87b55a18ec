package org.thalweg.sbi;

import org.thalweg.api.config.Option;
import org.thalweg.sbi.run.SimulationConfig;
import org.thalweg.sbi.sampler.SamplerConfig;
import org.thalweg.toolkit.train.Training;

/** The options that all methods have. */
public record Common(
    Training training,
    @Option(
            value = "what the judged weights keep of their own average in a step; 0: no average",
            min = 0,
            max = 0.999999)
        double averaging,
    @Option(
            "train each round of a sequential method from fresh weights, and not from the weights of"
                + " the round before, which know fewer simulations too well")
        boolean fresh,
    @Option(value = "the share of simulations that early stopping looks at", min = 0, max = 0.9)
        double validation,
    @Option("what is done about parameters whose support is not the whole line")
        SupportHandling support,
    SamplerConfig sampling,
    SimulationConfig simulation,
    CheckConfig check) {
  /**
   * What does well from a few hundred simulations to a hundred thousand: steps that shrink to
   * nothing over as many as the number of simulations asks for ({@link Trainer}), fewer where the
   * validation rows no longer gain. The epochs are no limit. Most trainings on few simulations stop
   * while steps are still large, so it is an average over the last hundred that is judged and kept.
   */
  public static final Common DEFAULT =
      new Common(
          new Training(10_000, 0, 100, 1e-3, Training.Schedule.COSINE, 20, 0, 5, 0, 10),
          0.99,
          false,
          0.1,
          SupportHandling.MAPPED,
          SamplerConfig.DEFAULT,
          SimulationConfig.DEFAULT,
          CheckConfig.DEFAULT);

  /** The same, with each round from fresh weights. */
  Common withFreshRounds() {
    return new Common(training, averaging, true, validation, support, sampling, simulation, check);
  }
}
