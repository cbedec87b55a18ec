package org.thalweg.api.inference;

import java.util.List;
import org.thalweg.api.plugin.Provider;

/** Registers a named simulator with its prior. */
public interface SimulatorProvider<C extends Record> extends Provider<C> {
  /**
   * A simulator with its prior.
   *
   * @param prior the prior over parameters
   * @param simulator draws data for parameters
   * @param observationNames the names of the numbers in one observation
   */
  record Simulation(Prior prior, Simulator simulator, List<String> observationNames) {}

  /** The simulator with these options. */
  Simulation create(C config);
}
