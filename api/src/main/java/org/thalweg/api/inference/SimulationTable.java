package org.thalweg.api.inference;

import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ThalwegException;

/**
 * The simulations that a posterior was learnt from, in the order in which they were asked for;
 * failed ones are left out.
 *
 * @param parameters {@code [N, P]} in the user's units
 * @param data {@code [N, X]}
 * @param rounds the round of each, counted from 1
 */
public record SimulationTable(Matrix parameters, Matrix data, int[] rounds) {
  /** Refuses tables of different lengths. */
  public SimulationTable {
    if (parameters.rows() != data.rows() || data.rows() != rounds.length) {
      throw ThalwegException.usage(
          "Simulations need as many rows of parameters as of data and rounds, got %d, %d and %d.",
          parameters.rows(), data.rows(), rounds.length);
    }
  }
}
