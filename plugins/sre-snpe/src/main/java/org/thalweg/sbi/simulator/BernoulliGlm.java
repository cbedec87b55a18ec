package org.thalweg.sbi.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.inference.Prior;
import org.thalweg.api.inference.SimulatorProvider;
import org.thalweg.api.inference.SimulatorProvider.Simulation;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.infer.IndependentPrior;
import org.thalweg.toolkit.infer.Marginal;
import org.thalweg.toolkit.infer.MultivariateNormal;
import org.thalweg.toolkit.infer.ProductPrior;

/**
 * Spikes of a nerve cell that filters a stimulus: 100 Bernoulli draws by a generalised linear model
 * with an offset and a filter of nine taps. The data are the ten sufficient statistics, or the
 * spikes themselves.
 *
 * <p>The stimulus is white noise that the benchmark drew from NumPy's generator seeded with 42, in
 * single precision.
 */
final class BernoulliGlm {
  static final SimulatorProvider<NoOptions> PROVIDER =
      new NamedSimulator<>(
          "bernoulli-glm",
          "the filter of a spiking cell, from ten sufficient statistics of its spikes",
          NamedSimulator.BENCHMARK + ".5",
          new NoOptions(),
          o ->
              new Simulation(
                  prior(),
                  (parameters, seed) -> summaries(spikes(parameters, seed)),
                  Columns.data(10)));

  static final SimulatorProvider<NoOptions> RAW =
      new NamedSimulator<>(
          "bernoulli-glm-raw",
          "the filter of a spiking cell, from its spikes",
          NamedSimulator.BENCHMARK + ".6",
          new NoOptions(),
          o -> new Simulation(prior(), BernoulliGlm::spikes, Columns.data(100)));

  private static final int TAPS = 9;
  private static final int TIMES = 100;
  private static final double[] STIMULUS = stimulus();

  private BernoulliGlm() {}

  private static double[] stimulus() {
    double[] out = new RandomState(42).normals(TIMES);
    for (int t = 0; t < TIMES; t++) {
      out[t] = (float) out[t];
    }
    return out;
  }

  static double stimulus(int time) {
    return STIMULUS[time];
  }

  /** An offset with variance 2; a filter whose second differences are small. */
  private static Prior prior() {
    return new ProductPrior(
        List.of(
            IndependentPrior.of("parameter_1", new Marginal.Normal(0, Math.sqrt(2))),
            MultivariateNormal.ofCovariance(
                Columns.numbered("parameter", TAPS + 1).subList(1, TAPS + 1),
                new double[TAPS],
                filterCovariance())));
  }

  /**
   * The inverse of F'F, for F = D D + diag(sqrt(i / 9)) with D = I minus ones below the diagonal. F
   * is lower triangular, and so is its inverse G; the covariance is G G'.
   */
  private static Matrix filterCovariance() {
    double[][] f = new double[TAPS][TAPS];
    double[][] g = new double[TAPS][TAPS];
    for (int i = 0; i < TAPS; i++) {
      f[i][i] = 1 + Math.sqrt(i / (double) TAPS);
      if (i > 0) {
        f[i][i - 1] = -2;
      }
      if (i > 1) {
        f[i][i - 2] = 1;
      }
      for (int j = 0; j <= i; j++) {
        double sum = i == j ? 1 : 0;
        for (int k = j; k < i; k++) {
          sum -= f[i][k] * g[k][j];
        }
        g[i][j] = sum / f[i][i];
      }
    }
    Matrix out = Matrix.zeros(TAPS, TAPS);
    for (int i = 0; i < TAPS; i++) {
      for (int j = 0; j < TAPS; j++) {
        for (int k = 0; k < TAPS; k++) {
          out.values()[i * TAPS + j] += g[i][k] * g[j][k];
        }
      }
    }
    return out;
  }

  /** The probability of a spike at a time. */
  static double probability(double[] parameters, int time) {
    double sum = parameters[0];
    for (int lag = 0; lag < TAPS && lag <= time; lag++) {
      sum += parameters[1 + lag] * STIMULUS[time - lag];
    }
    return 1 / (1 + Math.exp(-sum));
  }

  private static double[] spikes(double[] parameters, Seed seed) {
    RandomGenerator random = seed.generator();
    double[] out = new double[TIMES];
    for (int t = 0; t < TIMES; t++) {
      out[t] = random.nextDouble() < probability(parameters, t) ? 1 : 0;
    }
    return out;
  }

  /** The number of spikes, and the sum of the stimulus 0 to 8 steps before each. */
  static double[] summaries(double[] spikes) {
    List<Double> out = new ArrayList<>();
    double count = 0;
    for (double spike : spikes) {
      count += spike;
    }
    out.add(count);
    for (int lag = 0; lag < TAPS; lag++) {
      double sum = 0;
      for (int t = lag; t < TIMES; t++) {
        sum += spikes[t] * STIMULUS[t - lag];
      }
      out.add(sum);
    }
    return out.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
