package org.thalweg.api.inference;

import org.thalweg.api.data.Matrix;
import org.thalweg.api.random.Seed;

/** Draws data for parameters. Stateless, so that rows can be simulated in parallel. */
@FunctionalInterface
public interface Simulator {
  /**
   * Simulates one observation. An exception or a number that is not finite counts as a failed
   * simulation, which the method excludes and reports. A {@code ThalwegException} with exit code 2
   * says that no simulation can work, and ends the inference.
   *
   * @param parameters P numbers
   * @param seed the origin of this simulation's randomness
   * @return the observation, always of the same length
   */
  double[] simulate(double[] parameters, Seed seed);

  /** Simulates a batch {@code [N, P]}, row i with {@code seed.child(i)}. */
  default Matrix simulate(Matrix parameters, Seed seed) {
    double[][] rows = new double[parameters.rows()][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = simulate(parameters.row(i), seed.child(i));
    }
    return Matrix.of(rows);
  }

  /** How many are best simulated in one call; 1 where a call for many is not faster. */
  default int batch() {
    return 1;
  }
}
