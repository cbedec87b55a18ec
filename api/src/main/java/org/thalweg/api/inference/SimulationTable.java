package org.thalweg.api.inference;

import java.util.List;
import java.util.stream.IntStream;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ThalwegException;

/**
 * Simulations in the order in which they were asked for.
 *
 * @param parameters {@code [N, P]} in the user's units
 * @param data {@code [N, X]}; NaN where a simulation failed
 * @param rounds the round of each, counted from 1
 * @param outcomes what became of each: {@link #OK}, or why it is of no use, such as {@code
 *     exception}, {@code nan}, {@code length}, {@code timeout}
 */
public record SimulationTable(Matrix parameters, Matrix data, int[] rounds, List<String> outcomes) {
  /** It gave an observation. */
  public static final String OK = "ok";

  /** Refuses tables of different lengths. */
  public SimulationTable {
    outcomes = List.copyOf(outcomes);
    int n = parameters.rows();
    if (data.rows() != n || rounds.length != n || outcomes.size() != n) {
      throw ThalwegException.usage(
          "Simulations need as many rows of parameters as of data, rounds and outcomes, got %d, %d, %d"
              + " and %d.",
          n, data.rows(), rounds.length, outcomes.size());
    }
  }

  /** Those that gave an observation. */
  public SimulationTable used() {
    int[] rows =
        IntStream.range(0, rounds.length).filter(i -> outcomes.get(i).equals(OK)).toArray();
    return new SimulationTable(
        parameters.select(rows),
        data.select(rows),
        IntStream.of(rows).map(i -> rounds[i]).toArray(),
        IntStream.of(rows).mapToObj(outcomes::get).toList());
  }
}
