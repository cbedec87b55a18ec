package org.thalweg.toolkit.train;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.ConditionalDensity;
import org.thalweg.api.density.Context;
import org.thalweg.api.density.Density;
import org.thalweg.api.density.TrainableDensity;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.random.Seed;

/**
 * Draws rows of a density in chunks of a fixed size, each from a stream of its own, so that the
 * numbers do not depend on the workers.
 *
 * @param engine where it computes
 * @param workers what it computes with
 * @param estimator the name of the estimator, for messages
 * @param columns the numbers in a row
 */
public record Drawing(Engine engine, Workers workers, String estimator, int columns) {
  /** The most rows drawn in one call: a walk through the columns costs by the call. */
  private static final int MOST_ROWS = 4096;

  /** The most numbers drawn in one call, whose parameters take a hundred times the memory. */
  private static final int MOST_NUMBERS = 1 << 18;

  /** How often rows that are not finite are drawn again. */
  private static final int REDRAWS = 10;

  /** What is drawn from. */
  @FunctionalInterface
  public interface Source {
    /**
     * Draws {@code [contexts * perContext, columns]}.
     *
     * @param context a batch of contexts, or nothing
     */
    NDArray draw(Tape tape, Context context, int perContext, Seed seed);
  }

  /** Draws of a density. */
  public double[] draw(TrainableDensity density, int perContext, Matrix contexts, Seed seed) {
    return draw(of(density, UnaryOperator.identity()), perContext, contexts, seed);
  }

  /** A part of a density, such as its base, as what is drawn from. */
  public static Source of(TrainableDensity density, UnaryOperator<Density> part) {
    return (tape, context, perContext, seed) -> {
      ConditionalDensity bound = density.bind(Binding.evaluate(tape));
      return part.apply(bound.given(context)).sampleWithLogDensity(perContext, seed).value();
    };
  }

  /**
   * Draws.
   *
   * @param perContext the number of draws for each row of the context
   * @param contexts {@code [N, C]}, as the source takes them; one empty row where there are none
   * @return {@code [N * perContext, columns]}, row after row, a context's draws together
   * @throws ThalwegException exit code 2 for too many rows, 3 where draws are not finite
   */
  public double[] draw(Source source, int perContext, Matrix contexts, Seed seed) {
    // Without a context all rows are draws for the one empty context.
    boolean unconditional = contexts.columns() == 0;
    int given = unconditional ? Math.min(1, contexts.rows()) : contexts.rows();
    int draws = unconditional ? rows(perContext, contexts.rows()) : perContext;
    int rows = rows(given, draws);
    // Many contexts to a chunk where each has few draws, several chunks to one that has many.
    int chunk = Math.max(1, Math.min(MOST_ROWS, MOST_NUMBERS / columns));
    int contextsAtOnce = Math.max(1, chunk / Math.max(1, draws));
    int drawsAtOnce = Math.max(1, Math.min(chunk, draws));
    int chunksPerContext = (draws + drawsAtOnce - 1) / drawsAtOnce;
    int chunks = (given + contextsAtOnce - 1) / contextsAtOnce * chunksPerContext;
    List<double[]> parts =
        workers.map(
            chunks,
            k -> {
              int from = k / chunksPerContext * contextsAtOnce;
              int to = Math.min(given, from + contextsAtOnce);
              int drawn = k % chunksPerContext * drawsAtOnce;
              int count = Math.min(drawsAtOnce, draws - drawn);
              return finite(source, count, contexts.slice(from, to), seed.child(k));
            });
    double[] out = new double[rows * columns];
    int next = 0;
    for (double[] some : parts) {
      System.arraycopy(some, 0, out, next, some.length);
      next += some.length;
    }
    return out;
  }

  /** The number of rows in all, which one array must be able to hold. */
  private int rows(int contexts, int draws) {
    long rows = (long) contexts * draws;
    if (rows * columns > Integer.MAX_VALUE - 8) {
      throw ThalwegException.usage(
          "%d rows of %d columns are too many for one call: ask for fewer at a time.",
          rows, columns);
    }
    return (int) rows;
  }

  /** Draws; a row that is not finite is drawn again. */
  private double[] finite(Source source, int perContext, Matrix contexts, Seed seed) {
    double[] out = once(source, perContext, contexts, seed.child(0));
    for (int attempt = 1; bad(out) >= 0; attempt++) {
      if (attempt > REDRAWS) {
        throw ThalwegException.data(
            "The model of estimator '%s' draws rows that are not finite.", estimator);
      }
      double[] again = once(source, perContext, contexts, seed.child(attempt));
      for (int row = bad(out); row >= 0 && row < out.length / columns; row++) {
        if (!finite(out, row)) {
          System.arraycopy(again, row * columns, out, row * columns, columns);
        }
      }
    }
    return out;
  }

  private double[] once(Source source, int perContext, Matrix contexts, Seed seed) {
    try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
      int c = contexts.columns();
      Context given =
          c == 0
              ? Context.none()
              : Context.of(Scoring.slice(tape, contexts.values(), 0, contexts.rows(), c));
      return engine.hostView(source.draw(tape, given, perContext, seed)).toDoubles();
    }
  }

  private int bad(double[] values) {
    for (int row = 0; row < values.length / columns; row++) {
      if (!finite(values, row)) {
        return row;
      }
    }
    return -1;
  }

  private boolean finite(double[] values, int row) {
    return Arrays.stream(values, row * columns, (row + 1) * columns).allMatch(Double::isFinite);
  }
}
