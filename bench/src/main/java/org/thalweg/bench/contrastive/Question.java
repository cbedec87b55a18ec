package org.thalweg.bench.contrastive;

import java.util.Optional;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.inference.SimulatorProblem;
import org.thalweg.api.inference.SimulatorProvider;
import org.thalweg.api.plugin.Registry;

/**
 * A task with its observation.
 *
 * @param problem prior, simulator and observation
 * @param truth the parameters that made the observation
 * @param exact draws of the exact posterior, where it is known
 */
record Question(SimulatorProblem problem, double[] truth, Optional<Matrix> exact) {
  /** The thesis's tasks, with the observations of its code. */
  static Question of(String task, Registry registry) {
    return switch (task) {
      case "slcp" ->
          new Question(
              problem(task, registry, NonlinearGaussian.OBSERVATION),
              NonlinearGaussian.TRUTH,
              Optional.of(NonlinearGaussian.posterior(1000)));
      case "mg1" ->
          new Question(
              problem(
                  task,
                  registry,
                  -0.0177664656,
                  0.0137877126,
                  -0.3167902686,
                  -0.0329058723,
                  0.0085092211),
              new double[] {1, 5, 0.2},
              Optional.empty());
      case "lotka-volterra-jump" ->
          new Question(
              problem(task, registry, JumpProcess.OBSERVATION),
              JumpProcess.TRUTH,
              Optional.empty());
      default -> throw new IllegalArgumentException("No such task: " + task);
    };
  }

  private static SimulatorProblem problem(String task, Registry registry, double... observation) {
    SimulatorProvider.Simulation simulation = create(registry.simulator(task));
    return new SimulatorProblem(
        task, simulation.prior(), simulation.simulator(), Matrix.of(observation));
  }

  private static <C extends Record> SimulatorProvider.Simulation create(
      SimulatorProvider<C> provider) {
    return provider.create(provider.defaults());
  }
}
