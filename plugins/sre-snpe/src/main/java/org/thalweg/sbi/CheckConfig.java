package org.thalweg.sbi;

import org.thalweg.api.config.Option;
import org.thalweg.api.error.ThalwegException;

/** How much is done to find out whether a posterior can be trusted. */
public record CheckConfig(
    @Option(
            value =
                "the most simulations, of those that no gradient saw, that calibration is measured on;"
                    + " below 20 neither that nor what the posterior knows is measured",
            min = 0,
            max = 1e6)
        int calibrationSimulations,
    @Option(
            value =
                "simulations of the posterior's draws that are compared with the observations, beside"
                    + " the budget, 100 for each observation at least; 0: none",
            min = 0,
            max = 1e6)
        int predictiveSimulations,
    @Option(
            value =
                "the most simulations, of those that no gradient saw, that the local two-sample test"
                    + " of an amortised posterior at a single observation takes; it is made where"
                    + " there are 900; 0: it is not made",
            min = 0,
            max = 1e6)
        int localSimulations) {
  /** Enough to see what is badly wrong. */
  public static final CheckConfig DEFAULT = new CheckConfig(300, 200, 2000);

  /** Refuses what cannot be meant. */
  public CheckConfig {
    if (calibrationSimulations < 0 || predictiveSimulations < 0 || localSimulations < 0) {
      throw ThalwegException.usage(
          "Checks need calibration-simulations, predictive-simulations and local-simulations of at"
              + " least 0, got %d, %d and %d.",
          calibrationSimulations, predictiveSimulations, localSimulations);
    }
  }
}
