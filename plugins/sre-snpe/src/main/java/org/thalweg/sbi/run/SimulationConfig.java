package org.thalweg.sbi.run;

import org.thalweg.api.config.Option;
import org.thalweg.api.error.ThalwegException;

/** How simulations are run. */
public record SimulationConfig(
    @Option(value = "seconds that one simulation may take; 0: no limit", min = 0, max = 1e9)
        double simulationTimeout,
    @Option(
            value =
                "simulations handed over at once, for a simulator that is faster on many; 0: as many"
                    + " as the simulator asks for, 1 if it does not; 1: one by one",
            min = 0,
            max = 1e6)
        int simulationBatch,
    @Option(
            value = "the largest share of simulations that may fail before there is no answer",
            min = 0,
            max = 1)
        double maxFailures) {
  /**
   * A minute each, at once as the simulator asks, and no answer where more than three in four fail.
   */
  public static final SimulationConfig DEFAULT = new SimulationConfig(60, 0, 0.75);

  /** Refuses what cannot be meant. */
  public SimulationConfig {
    if (!(simulationTimeout >= 0)
        || simulationBatch < 0
        || !(maxFailures >= 0 && maxFailures <= 1)) {
      throw ThalwegException.usage(
          "Simulations need simulation-timeout >= 0, simulation-batch >= 0 and max-failures in [0, 1], got %s, %d, %s.",
          simulationTimeout, simulationBatch, maxFailures);
    }
  }
}
