package org.thalweg.sbi.simulator;

import java.util.random.RandomGenerator;
import org.thalweg.api.config.Option;
import org.thalweg.api.inference.Prior;
import org.thalweg.api.inference.Simulator;
import org.thalweg.api.inference.SimulatorProvider;
import org.thalweg.api.inference.SimulatorProvider.Simulation;
import org.thalweg.toolkit.infer.IndependentPrior;
import org.thalweg.toolkit.infer.Marginal;

/** The mean of a normal distribution, under a normal and under a uniform prior. */
final class GaussianLinear {
  /**
   * Options with a normal prior.
   *
   * @param dimension how many parameters
   * @param priorVariance of each parameter
   * @param variance of the noise
   */
  public record Options(
      @Option(value = "parameters, and as many data", min = 1) int dimension,
      @Option(value = "variance of the prior", min = 1e-12) double priorVariance,
      @Option(value = "variance of the noise", min = 1e-12) double variance) {}

  /**
   * Options with a uniform prior.
   *
   * @param dimension how many parameters
   * @param bound of the box
   * @param variance of the noise
   */
  public record UniformOptions(
      @Option(value = "parameters, and as many data", min = 1) int dimension,
      @Option(value = "half the width of the prior's box", min = 1e-12) double bound,
      @Option(value = "variance of the noise", min = 1e-12) double variance) {}

  static final SimulatorProvider<Options> PROVIDER =
      new NamedSimulator<>(
          "gaussian-linear",
          "the mean of a normal distribution under a normal prior; the posterior is known",
          NamedSimulator.BENCHMARK + ".1",
          new Options(10, 0.1, 0.1),
          o ->
              simulation(
                  new Marginal.Normal(0, Math.sqrt(o.priorVariance())),
                  o.dimension(),
                  o.variance()));

  static final SimulatorProvider<UniformOptions> UNIFORM =
      new NamedSimulator<>(
          "gaussian-linear-uniform",
          "the mean of a normal distribution under a uniform prior",
          NamedSimulator.BENCHMARK + ".2",
          new UniformOptions(10, 1, 0.1),
          o ->
              simulation(new Marginal.Uniform(-o.bound(), o.bound()), o.dimension(), o.variance()));

  private GaussianLinear() {}

  private static Simulation simulation(Marginal marginal, int dimension, double variance) {
    Prior prior = IndependentPrior.repeated("parameter", dimension, marginal);
    double deviation = Math.sqrt(variance);
    Simulator simulator =
        (parameters, seed) -> {
          RandomGenerator random = seed.generator();
          double[] out = new double[dimension];
          for (int j = 0; j < dimension; j++) {
            out[j] = parameters[j] + deviation * random.nextGaussian();
          }
          return out;
        };
    return new Simulation(prior, simulator, Columns.data(dimension));
  }
}
