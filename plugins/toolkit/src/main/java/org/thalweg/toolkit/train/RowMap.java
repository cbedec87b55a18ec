package org.thalweg.toolkit.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.density.Context;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;

/** Computes on rows in chunks of a fixed size, so that the numbers do not depend on the workers. */
public final class RowMap {
  /** Large enough to amortise a call, small enough to stay in the cache. */
  private static final int MOST_ROWS = 1024;

  /** How much larger chunks are on a device, which is idle between small ones. */
  private static final int DEVICE_TIMES = 16;

  /** Numbers in a chunk, whose parameters take a hundred times the memory. */
  private static final int MOST_NUMBERS = 1 << 18;

  private RowMap() {}

  /** What is computed of a chunk. */
  @FunctionalInterface
  public interface OfChunk {
    /**
     * The values of a chunk.
     *
     * @param x {@code [n, columns]}
     * @param context {@code [n, C]}, or nothing where C is 0
     * @return an array with n rows
     */
    NDArray apply(Tape tape, NDArray x, Context context);
  }

  /**
   * The values of rows, row after row.
   *
   * @param x {@code [N, columns]}, as the function takes them
   * @param context {@code [N, C]}, as the function takes them
   */
  public static double[] map(
      Engine engine, Workers workers, Matrix x, Matrix context, OfChunk function) {
    return map(engine, workers, Tape.Mode.EVALUATE, MOST_ROWS, x, context, function);
  }

  /** The same on tapes of another mode, in chunks of at most so many rows. */
  public static double[] map(
      Engine engine,
      Workers workers,
      Tape.Mode mode,
      int mostRows,
      Matrix x,
      Matrix context,
      OfChunk function) {
    int n = x.rows();
    int times = mode == Tape.Mode.EVALUATE && !engine.hostViews() ? DEVICE_TIMES : 1;
    int chunk = Math.max(1, times * Math.min(mostRows, MOST_NUMBERS / Math.max(1, x.columns())));
    int chunks = (n + chunk - 1) / chunk;
    List<double[]> parts =
        workers.map(
            chunks,
            k -> {
              int from = k * chunk;
              int to = Math.min(n, from + chunk);
              try (Tape tape = engine.newTape(mode)) {
                Context given =
                    context.columns() == 0
                        ? Context.none()
                        : Context.of(constant(tape, context.slice(from, to)));
                NDArray values = function.apply(tape, constant(tape, x.slice(from, to)), given);
                return engine.hostView(values).toDoubles();
              }
            });
    return parts.stream().flatMapToDouble(Arrays::stream).toArray();
  }

  private static NDArray constant(Tape tape, Matrix matrix) {
    return tape.constant(matrix.values(), new Shape(matrix.rows(), matrix.columns()));
  }
}
