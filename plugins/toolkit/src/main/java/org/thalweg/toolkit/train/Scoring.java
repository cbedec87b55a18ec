package org.thalweg.toolkit.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import org.thalweg.api.data.Rows;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Context;
import org.thalweg.api.density.Density;
import org.thalweg.api.density.TrainableDensity;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.toolkit.data.Standardiser;

/** Scores rows in chunks of a fixed size, so that the numbers do not depend on the workers. */
public final class Scoring {
  /** Large enough to amortise a call, small enough to stay in the cache. */
  private static final int MOST_ROWS = 1024;

  /** How much larger chunks are on a device. */
  private static final int DEVICE_TIMES = 16;

  /** Numbers in a chunk, whose parameters take a hundred times the memory. */
  private static final int MOST_NUMBERS = 1 << 18;

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
    int n = rows.size();
    double[] z = standardiser.features(rows.features());
    double[] c = standardiser.contexts(rows.context());
    int columns = rows.features().columns();
    // A device is idle between small chunks, and has no cache to stay in.
    int times = engine.hostViews() ? 1 : DEVICE_TIMES;
    int chunk = Math.max(1, times * Math.min(MOST_ROWS, MOST_NUMBERS / columns));
    int chunks = (n + chunk - 1) / chunk;
    List<double[]> parts =
        workers.map(
            chunks,
            k -> {
              int from = k * chunk;
              int size = Math.min(chunk, n - from);
              try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
                NDArray x = slice(tape, z, from, size, columns);
                Context given =
                    rows.context().columns() == 0
                        ? Context.none()
                        : Context.of(slice(tape, c, from, size, rows.context().columns()));
                Density bound = density.bind(Binding.evaluate(tape)).given(given);
                return engine.hostView(function.apply(bound, x)).toDoubles();
              }
            });
    return parts.stream().flatMapToDouble(Arrays::stream).toArray();
  }

  /** Rows of a row-major array as a tensor. */
  static NDArray slice(Tape tape, double[] values, int from, int rows, int columns) {
    double[] part = Arrays.copyOfRange(values, from * columns, (from + rows) * columns);
    return tape.constant(part, new Shape(rows, columns));
  }
}
