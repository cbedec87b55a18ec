package org.thalweg.sbi.simulator;

import java.util.random.RandomGenerator;
import org.thalweg.api.inference.SimulatorProvider;
import org.thalweg.api.inference.SimulatorProvider.Simulation;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.infer.IndependentPrior;
import org.thalweg.toolkit.infer.Marginal;

/** The common mean of a wide and a narrow normal distribution. */
final class GaussianMixture {
  static final SimulatorProvider<NoOptions> PROVIDER =
      new NamedSimulator<>(
          "gaussian-mixture",
          "the common mean of two normal distributions, one a tenth as wide as the other",
          NamedSimulator.BENCHMARK + ".7",
          new NoOptions(),
          o ->
              new Simulation(
                  IndependentPrior.repeated("parameter", 2, new Marginal.Uniform(-10, 10)),
                  GaussianMixture::simulate,
                  Columns.data(2)));

  private GaussianMixture() {}

  private static double[] simulate(double[] parameters, Seed seed) {
    RandomGenerator random = seed.generator();
    double deviation = random.nextBoolean() ? 1 : 0.1;
    return new double[] {
      parameters[0] + deviation * random.nextGaussian(),
      parameters[1] + deviation * random.nextGaussian(),
    };
  }
}
