package org.thalweg.sbi.simulator;

import java.util.random.RandomGenerator;
import org.thalweg.api.inference.Simulator;
import org.thalweg.api.inference.SimulatorProvider;
import org.thalweg.api.inference.SimulatorProvider.Simulation;
import org.thalweg.api.random.Seed;

/**
 * {@link Slcp} among 92 numbers that say nothing: draws of a mixture of 20 multivariate Student t
 * distributions with 2 degrees of freedom, all shuffled by a fixed permutation.
 *
 * <p>The benchmark made the constants with NumPy's generator seeded with 42, in this order: all
 * locations, 15 times a normal number; of each component the lower triangle of a square of normal
 * numbers with the exponentials of 92 more added to its diagonal, times 3; the permutation.
 */
final class SlcpDistractors implements Simulator {
  static final SimulatorProvider<NoOptions> PROVIDER =
      new NamedSimulator<>(
          "slcp-distractors",
          "slcp with 92 uninformative numbers among its data",
          NamedSimulator.BENCHMARK + ".4",
          new NoOptions(),
          o -> new Simulation(Slcp.prior(), new SlcpDistractors(), Columns.data(100)));

  private static final int NOISE = 92;
  private static final int COMPONENTS = 20;

  private final double[][] location = new double[COMPONENTS][];
  private final double[][][] factor = new double[COMPONENTS][NOISE][];
  private final int[] permutation;

  SlcpDistractors() {
    RandomState random = new RandomState(42);
    for (int c = 0; c < COMPONENTS; c++) {
      location[c] = scaled(15, random.normals(NOISE));
    }
    for (int c = 0; c < COMPONENTS; c++) {
      for (int i = 0; i < NOISE; i++) {
        factor[c][i] = random.normals(NOISE); // what is above the diagonal is never read
      }
      for (int i = 0; i < NOISE; i++) {
        factor[c][i][i] += Math.exp(random.normal());
        scaled(3, factor[c][i]);
      }
    }
    permutation = random.permutation(NOISE + 8);
  }

  private static double[] scaled(double by, double[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] *= by;
    }
    return values;
  }

  @Override
  public double[] simulate(double[] parameters, Seed seed) {
    RandomGenerator random = seed.generator();
    double[] joined = new double[NOISE + 8];
    System.arraycopy(Slcp.points(parameters, random), 0, joined, 0, 8);
    int component = random.nextInt(COMPONENTS);
    // Student's t is a normal number over the root of chi-squared by its degrees of freedom; with
    // two of them, chi-squared is twice an exponential number.
    double stretch = 1 / Math.sqrt(random.nextExponential());
    double[] z = new double[NOISE];
    for (int i = 0; i < NOISE; i++) {
      z[i] = random.nextGaussian();
      double sum = 0;
      for (int j = 0; j <= i; j++) {
        sum += factor[component][i][j] * z[j];
      }
      joined[8 + i] = location[component][i] + stretch * sum;
    }
    double[] out = new double[joined.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = joined[permutation[i]];
    }
    return out;
  }

  double location(int component, int index) {
    return location[component][index];
  }

  double factor(int component, int row, int column) {
    return factor[component][row][column];
  }

  int[] permutation() {
    return permutation.clone();
  }
}
