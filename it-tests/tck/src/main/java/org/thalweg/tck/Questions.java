package org.thalweg.tck;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.inference.LogDensityProblem;
import org.thalweg.api.inference.LogJoint;
import org.thalweg.api.inference.ParameterBlock;
import org.thalweg.api.inference.Problem;
import org.thalweg.api.inference.Simulator;
import org.thalweg.api.inference.SimulatorProblem;
import org.thalweg.api.transform.Support;
import org.thalweg.toolkit.infer.IndependentPrior;
import org.thalweg.toolkit.infer.Marginal;

/** Problems for a contract, each for a simulator and for a log-density. */
final class Questions {
  /** The s.d. of what a simulator adds to two numbers of two normal parameters. */
  private static final double ERROR = 0.5;

  private static final double[] SEEN = {1, -0.4};

  private static final Simulator LINEAR =
      (parameters, seed) -> {
        SplittableRandom random = seed.generator();
        return new double[] {
          parameters[0] + 0.5 * parameters[1] + ERROR * random.nextGaussian(),
          parameters[1] + ERROR * random.nextGaussian()
        };
      };

  private Questions() {}

  /**
   * A posterior that is a normal distribution.
   *
   * @param problem the question
   * @param mean its mean
   * @param covariance its covariance matrix
   */
  record Normal(Problem problem, double[] mean, double[][] covariance) {}

  /** Independent standard normal parameters, a linear map, normal errors. */
  static Normal simulated() {
    return simulated(SEEN);
  }

  /** The same, where something else was observed. */
  static Normal simulated(double[] seen) {
    // Precision I + A'A / s^2 with A = [1 0.5; 0 1].
    double s2 = ERROR * ERROR;
    double p00 = 1 + 1 / s2;
    double p01 = 0.5 / s2;
    double p11 = 1 + 1.25 / s2;
    double determinant = p00 * p11 - p01 * p01;
    double[][] covariance = {
      {p11 / determinant, -p01 / determinant}, {-p01 / determinant, p00 / determinant}
    };
    double b0 = seen[0] / s2;
    double b1 = (0.5 * seen[0] + seen[1]) / s2;
    double[] mean = {
      covariance[0][0] * b0 + covariance[0][1] * b1, covariance[1][0] * b0 + covariance[1][1] * b1
    };
    return new Normal(linear(LINEAR, seen), mean, covariance);
  }

  /** The problem alone, whatever is said to have been observed. The simulator gives two numbers. */
  static SimulatorProblem observed(double... seen) {
    return linear(LINEAR, seen);
  }

  /** The same, with its simulations counted. */
  static SimulatorProblem counted(AtomicInteger simulations) {
    return linear(
        (parameters, seed) -> {
          simulations.incrementAndGet();
          return LINEAR.simulate(parameters, seed);
        },
        SEEN);
  }

  private static SimulatorProblem linear(Simulator simulator, double[] seen) {
    return new SimulatorProblem(
        "contract-linear",
        IndependentPrior.repeated("theta", 2, new Marginal.Normal(0, 1)),
        simulator,
        Matrix.of(seen));
  }

  /** Two independent normal parameters, far from 0 and of different widths. */
  static Normal target() {
    double[] mean = {1, -20};
    double[] deviation = {0.5, 3};
    LogJoint joint =
        (tape, x) -> square(x, 0, mean[0], deviation[0]).add(square(x, 1, mean[1], deviation[1]));
    LogDensityProblem problem =
        new LogDensityProblem(
            "contract-normal",
            List.of(ParameterBlock.real("first"), ParameterBlock.real("second")),
            joint,
            true);
    double[][] covariance = {{deviation[0] * deviation[0], 0}, {0, deviation[1] * deviation[1]}};
    return new Normal(problem, mean, covariance);
  }

  private static NDArray square(NDArray x, int column, double mean, double deviation) {
    NDArray z = x.get(new NDIndex(":, " + column)).sub(mean).div(deviation);
    return z.square().mul(-0.5);
  }

  /** Uniform parameters whose observation lies at the corner of the prior. */
  static SimulatorProblem bounded() {
    return new SimulatorProblem(
        "contract-corner",
        IndependentPrior.repeated("theta", 2, new Marginal.Uniform(0, 1)),
        (parameters, seed) -> {
          SplittableRandom random = seed.generator();
          return new double[] {
            parameters[0] + 0.3 * random.nextGaussian(), parameters[1] + 0.3 * random.nextGaussian()
          };
        },
        Matrix.of(new double[] {0, 1}));
  }

  /**
   * A positive number, Exponential(2), and one between 0 and 1, Beta(1, 4): both crowd the ends.
   */
  static LogDensityProblem boundedTarget() {
    return new LogDensityProblem(
        "contract-ends",
        List.of(
            new ParameterBlock("rate", 1, new Support.Above(0)),
            new ParameterBlock("share", 1, new Support.Interval(0, 1))),
        (tape, x) ->
            x.get(new NDIndex(":, 0"))
                .mul(-2)
                .add(x.get(new NDIndex(":, 1")).neg().add(1).log().mul(3)),
        true);
  }
}
