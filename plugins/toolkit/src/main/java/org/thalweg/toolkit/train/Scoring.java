package org.thalweg.toolkit.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.function.BiFunction;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Density;
import org.thalweg.api.density.TrainableDensity;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.toolkit.data.Standardiser;

/** Scores rows in chunks of a fixed size, so that the numbers do not depend on the workers. */
public final class Scoring {
  private Scoring() {}

  /** The log-density of rows in the user's units, in nats. */
  public static double[] logDensity(
      Engine engine,
      TrainableDensity density,
      Standardiser standardiser,
      Rows rows,
      Workers workers) {
    double[] out = standardiser.logAbsDet(rows.features());
    double[] values =
        map(engine, density, standardiser, rows, workers, (bound, x) -> bound.logDensity(x));
    for (int i = 0; i < out.length; i++) {
      out[i] += values[i];
    }
    return out;
  }

  /**
   * What a density makes of rows.
   *
   * @param rows in the user's units
   * @param function of the density, given the rows' context, and the standardised features {@code
   *     [N, D]}; its values have N rows
   * @return the values, row after row
   */
  static double[] map(
      Engine engine,
      TrainableDensity density,
      Standardiser standardiser,
      Rows rows,
      Workers workers,
      BiFunction<Density, NDArray, NDArray> function) {
    Matrix z =
        new Matrix(rows.size(), rows.features().columns(), standardiser.features(rows.features()));
    Matrix c =
        new Matrix(rows.size(), rows.context().columns(), standardiser.contexts(rows.context()));
    return RowMap.map(
        engine,
        workers,
        z,
        c,
        (tape, x, context) ->
            function.apply(density.bind(Binding.evaluate(tape)).given(context), x));
  }

  /** Rows of a row-major array as a tensor. */
  static NDArray slice(Tape tape, double[] values, int from, int rows, int columns) {
    double[] part = Arrays.copyOfRange(values, from * columns, (from + rows) * columns);
    return tape.constant(part, new Shape(rows, columns));
  }
}
