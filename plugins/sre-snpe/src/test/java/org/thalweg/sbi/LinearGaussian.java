package org.thalweg.sbi;

import org.thalweg.api.data.Matrix;
import org.thalweg.api.inference.SimulatorProblem;
import org.thalweg.toolkit.infer.IndependentPrior;
import org.thalweg.toolkit.infer.Marginal;

/**
 * theta ~ N(0, I), x = theta + s noise: the posterior of n observations is N(sum x / (n + s^2), s^2
 * / (n + s^2) I).
 */
final class LinearGaussian {
  private LinearGaussian() {}

  static SimulatorProblem problem(int dimension, double s, double[]... observations) {
    return new SimulatorProblem(
        "linear-gaussian",
        IndependentPrior.repeated("theta", dimension, new Marginal.Normal(0, 1)),
        (theta, seed) -> {
          var random = seed.generator();
          double[] x = new double[dimension];
          for (int d = 0; d < dimension; d++) {
            x[d] = theta[d] + s * random.nextGaussian();
          }
          return x;
        },
        Matrix.of(observations));
  }
}
