package org.thalweg.vmonf;

import org.thalweg.api.config.Option;

/**
 * The temperature that the assigning net's outputs are divided by, which falls exponentially: rows
 * belong to all components at first, and to one later (section 4).
 */
public record Annealing(
    @Option(value = "the temperature at the start", min = 1e-3, max = 1e6) double temperature,
    @Option(value = "the temperature at the end, and of the model", min = 1e-3, max = 1e6)
        double finalTemperature,
    @Option(value = "the share of the steps over which the temperature falls", min = 0, max = 1)
        double annealed) {

  /** How much of the fall is over, from 0 to 1, when so much of the steps is. */
  double progress(double ofSteps) {
    return annealed == 0 ? 1 : Math.min(1, ofSteps / annealed);
  }

  /** The temperature when so much of the fall is over. */
  double temperatureAt(double progress) {
    return temperature * Math.pow(finalTemperature / temperature, progress);
  }
}
