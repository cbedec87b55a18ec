package org.thalweg.sbi.calibration;

import java.util.stream.IntStream;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.inference.Prior;
import org.thalweg.api.inference.Simulator;
import org.thalweg.api.random.Seed;

/**
 * Parameters of the prior with data simulated from them, none of which was trained on.
 *
 * @param parameters {@code [N, P]}
 * @param observations {@code [N, X]}, finite
 */
public record JointDraws(Matrix parameters, Matrix observations) {
  /** Refuses parts of unequal length, and fewer than ten rows. */
  public JointDraws {
    if (parameters.rows() != observations.rows() || parameters.rows() < 10) {
      throw ThalwegException.usage(
          "A check needs ten simulations at least, each with its parameters; got %d parameters and"
              + " %d simulations.",
          parameters.rows(), observations.rows());
    }
  }

  /**
   * Simulates. What gives a number that is not finite, or throws, is left out.
   *
   * @param n how many are asked for
   */
  public static JointDraws of(Prior prior, Simulator simulator, int n, Seed seed) {
    Matrix parameters = prior.sample(n, seed.child("prior"));
    double[][] observations = new double[n][];
    for (int i = 0; i < n; i++) {
      try {
        observations[i] = simulator.simulate(parameters.row(i), seed.child("simulate").child(i));
      } catch (RuntimeException failed) { // a failed simulation, by the simulator's contract
        observations[i] = new double[] {Double.NaN};
      }
    }
    int[] usable =
        IntStream.range(0, n).filter(i -> Matrix.of(observations[i]).finite(0)).toArray();
    return new JointDraws(
        parameters.select(usable),
        Matrix.of(IntStream.of(usable).mapToObj(i -> observations[i]).toArray(double[][]::new)));
  }

  /** The first so many, or all where there are fewer. */
  public JointDraws first(int n) {
    int rows = Math.min(n, size());
    return new JointDraws(parameters.slice(0, rows), observations.slice(0, rows));
  }

  /** The number of them. */
  public int size() {
    return parameters.rows();
  }
}
