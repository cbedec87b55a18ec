package org.thalweg.sbi.simulator;

import java.util.random.RandomGenerator;
import org.thalweg.api.inference.Prior;
import org.thalweg.api.inference.SimulatorProvider;
import org.thalweg.api.inference.SimulatorProvider.Simulation;
import org.thalweg.toolkit.infer.IndependentPrior;
import org.thalweg.toolkit.infer.Marginal;

/**
 * Four points of a normal distribution in the plane, whose mean, standard deviations and
 * correlation are functions of five parameters: simple likelihood, complex posterior. It is the
 * thesis's nonlinear Gaussian.
 */
final class Slcp {
  static final SimulatorProvider<NoOptions> PROVIDER =
      new NamedSimulator<>(
          "slcp",
          "four points of a normal distribution, whose posterior has four modes",
          "Papamakarios, Sterratt, Murray (2019), Sequential Neural Likelihood, section 5.1; "
              + NamedSimulator.BENCHMARK
              + ".3",
          new NoOptions(),
          o ->
              new Simulation(
                  prior(),
                  (parameters, seed) -> points(parameters, seed.generator()),
                  Columns.data(8)));

  /** What the benchmark adds to the variances, so that a covariance is never singular. */
  private static final double FLOOR = 1e-6;

  private Slcp() {}

  static Prior prior() {
    return IndependentPrior.repeated("parameter", 5, new Marginal.Uniform(-3, 3));
  }

  /** {@code x1, y1, ..., x4, y4}. */
  static double[] points(double[] parameters, RandomGenerator random) {
    double first = parameters[2] * parameters[2];
    double second = parameters[3] * parameters[3];
    double covariance = Math.tanh(parameters[4]) * first * second;
    // The Cholesky factor of the covariance.
    double l11 = Math.sqrt(first * first + FLOOR);
    double l21 = covariance / l11;
    double l22 = Math.sqrt(Math.max(0, second * second + FLOOR - l21 * l21));
    double[] out = new double[8];
    for (int i = 0; i < 4; i++) {
      double u = random.nextGaussian();
      double v = random.nextGaussian();
      out[2 * i] = parameters[0] + l11 * u;
      out[2 * i + 1] = parameters[1] + l21 * u + l22 * v;
    }
    return out;
  }
}
