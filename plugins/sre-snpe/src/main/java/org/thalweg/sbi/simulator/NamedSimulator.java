package org.thalweg.sbi.simulator;

import java.util.function.Function;
import org.thalweg.api.inference.SimulatorProvider;

/**
 * A simulator's entry in the registry.
 *
 * @param build makes it with its options
 */
record NamedSimulator<C extends Record>(
    String name,
    String summary,
    String paper,
    C defaults,
    Function<C, SimulatorProvider.Simulation> build)
    implements SimulatorProvider<C> {
  /** Where the tasks of the benchmark are published. */
  static final String BENCHMARK =
      "Lueckmann, Boelts, Greenberg, Goncalves, Macke (2021), Benchmarking Simulation-Based"
          + " Inference, appendix T";

  @Override
  public Simulation create(C config) {
    return build.apply(config);
  }
}
