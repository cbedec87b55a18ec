package org.thalweg.sbi;

import org.thalweg.api.data.Matrix;
import org.thalweg.api.inference.SimulatorProblem;
import org.thalweg.toolkit.infer.IndependentPrior;
import org.thalweg.toolkit.infer.Marginal;

/** Two moons (Greenberg and others, 2019, appendix A.1): the posterior is two crescents. */
final class TwoMoons {
  private TwoMoons() {}

  static SimulatorProblem problem(double... observation) {
    return new SimulatorProblem(
        "two-moons",
        IndependentPrior.repeated("theta", 2, new Marginal.Uniform(-1, 1)),
        (theta, seed) -> {
          var random = seed.generator();
          double a = Math.PI * (random.nextDouble() - 0.5);
          double r = 0.1 + 0.01 * random.nextGaussian();
          double root = Math.sqrt(2);
          return new double[] {
            r * Math.cos(a) + 0.25 - Math.abs(theta[0] + theta[1]) / root,
            r * Math.sin(a) + (theta[1] - theta[0]) / root
          };
        },
        Matrix.of(observation));
  }
}
