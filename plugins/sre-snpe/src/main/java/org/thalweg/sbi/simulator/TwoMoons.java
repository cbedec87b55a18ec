package org.thalweg.sbi.simulator;

import java.util.random.RandomGenerator;
import org.thalweg.api.inference.SimulatorProvider;
import org.thalweg.api.inference.SimulatorProvider.Simulation;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.infer.IndependentPrior;
import org.thalweg.toolkit.infer.Marginal;

/** A crescent that the parameters move about; its posterior has two of them. */
final class TwoMoons {
  static final SimulatorProvider<NoOptions> PROVIDER =
      new NamedSimulator<>(
          "two-moons",
          "a crescent moved by two parameters, with two crescents as its posterior",
          NamedSimulator.BENCHMARK + ".8",
          new NoOptions(),
          o ->
              new Simulation(
                  IndependentPrior.repeated("parameter", 2, new Marginal.Uniform(-1, 1)),
                  TwoMoons::simulate,
                  Columns.data(2)));

  private TwoMoons() {}

  private static double[] simulate(double[] parameters, Seed seed) {
    RandomGenerator random = seed.generator();
    double angle = Math.PI * (random.nextDouble() - 0.5);
    double radius = 0.1 + 0.01 * random.nextGaussian();
    double sum = (parameters[0] + parameters[1]) / Math.sqrt(2);
    double difference = (parameters[1] - parameters[0]) / Math.sqrt(2);
    return new double[] {
      radius * Math.cos(angle) + 0.25 - Math.abs(sum), radius * Math.sin(angle) + difference,
    };
  }
}
