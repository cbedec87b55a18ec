package org.thalweg.toolkit.train;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.ConditionalDensity;
import org.thalweg.api.density.Context;
import org.thalweg.api.density.Density;
import org.thalweg.api.density.TrainableDensity;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.estimator.ModelWriter;
import org.thalweg.api.estimator.Sampler;
import org.thalweg.api.estimator.Screening;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Standardiser;

/** A trained density over a table, in the user's units: exact log-densities and samples. */
sealed class DensityModel implements Model, LogDensity, Sampler permits FlowModel {
  private static final Named EXACT = Named.exact("exact");

  /** The most rows drawn in one call: a walk through the columns costs by the call. */
  private static final int MOST_ROWS = 4096;

  /** The most numbers drawn in one call, whose parameters take a hundred times the memory. */
  private static final int MOST_NUMBERS = 1 << 18;

  /** How often rows that are not finite are drawn again. */
  private static final int REDRAWS = 10;

  private final ModelCard card;
  private final Engine engine;
  private final ParameterStore store;
  private final TrainableDensity density;
  private final Standardiser standardiser;
  private final Workers workers;

  DensityModel(
      ModelCard card,
      Engine engine,
      ParameterStore store,
      TrainableDensity density,
      Standardiser standardiser) {
    this.card = card;
    this.engine = engine;
    this.store = store;
    this.density = density;
    this.standardiser = standardiser;
    this.workers = new Workers(engine.parallelism());
  }

  /** The same model under another card; the workers are shared. */
  DensityModel(ModelCard card, DensityModel same) {
    this.card = card;
    this.engine = same.engine;
    this.store = same.store;
    this.density = same.density;
    this.standardiser = same.standardiser;
    this.workers = same.workers;
  }

  /** The same model under another card. */
  DensityModel with(ModelCard other) {
    return new DensityModel(other, this);
  }

  @Override
  public ModelCard card() {
    return card;
  }

  @Override
  public Screening screen(Rows rows) {
    return standardiser.screen(rows, schema());
  }

  @Override
  public List<Named> densities() {
    return List.of(EXACT);
  }

  @Override
  public Scores logDensity(Named named, Rows rows, Seed seed) {
    require(rows);
    return new Scores(
        Scoring.logDensity(engine, density, standardiser, rows, workers), Optional.empty());
  }

  @Override
  public Matrix sample(int perContext, Matrix context, Seed seed) {
    return standardiser.inverse(draws(perContext, context, seed, UnaryOperator.identity()));
  }

  /** Standardised draws of the density, or of one of its parts, row-major. */
  final double[] draws(int perContext, Matrix context, Seed seed, UnaryOperator<Density> part) {
    require(context, schema().contexts().size(), "context");
    int c = context.columns();
    double[] contexts = standardiser.contexts(context);
    // Without a context all rows are draws for the one empty context.
    int given = c == 0 ? Math.min(1, context.rows()) : context.rows();
    int draws = c == 0 ? rows(perContext, context.rows()) : perContext;
    int rows = rows(given, draws);
    // Many contexts to a chunk where each has few draws, several chunks to one that has many.
    int chunk = Math.max(1, Math.min(MOST_ROWS, MOST_NUMBERS / schema().features().size()));
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
              return draw(
                  Arrays.copyOfRange(contexts, from * c, to * c),
                  to - from,
                  Math.min(drawsAtOnce, draws - drawn),
                  seed.child(k),
                  part);
            });
    double[] out = new double[rows * schema().features().size()];
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
    if (rows * schema().features().size() > Integer.MAX_VALUE - 8) {
      throw ThalwegException.usage(
          "%d rows of %d columns are too many for one call: ask for fewer at a time.",
          rows, schema().features().size());
    }
    return (int) rows;
  }

  /** Standardised draws; a row that is not finite is drawn again. */
  private double[] draw(
      double[] context, int contexts, int perContext, Seed seed, UnaryOperator<Density> part) {
    double[] out = drawOnce(context, contexts, perContext, seed.child(0), part);
    int d = schema().features().size();
    for (int attempt = 1; bad(out, d) >= 0; attempt++) {
      if (attempt > REDRAWS) {
        throw ThalwegException.data(
            "The model of estimator '%s' draws rows that are not finite.", card.estimator());
      }
      double[] again = drawOnce(context, contexts, perContext, seed.child(attempt), part);
      for (int row = bad(out, d); row >= 0 && row < out.length / d; row++) {
        if (!finite(out, row, d)) {
          System.arraycopy(again, row * d, out, row * d, d);
        }
      }
    }
    return out;
  }

  private double[] drawOnce(
      double[] context, int contexts, int perContext, Seed seed, UnaryOperator<Density> part) {
    try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
      ConditionalDensity bound = density.bind(Binding.evaluate(tape));
      int c = schema().contexts().size();
      Context given =
          c == 0 ? Context.none() : Context.of(Scoring.slice(tape, context, 0, contexts, c));
      Density drawn = part.apply(bound.given(given));
      return engine.hostView(drawn.sampleWithLogDensity(perContext, seed).value()).toDoubles();
    }
  }

  private static int bad(double[] values, int d) {
    for (int row = 0; row < values.length / d; row++) {
      if (!finite(values, row, d)) {
        return row;
      }
    }
    return -1;
  }

  private static boolean finite(double[] values, int row, int d) {
    for (int j = row * d; j < (row + 1) * d; j++) {
      if (!Double.isFinite(values[j])) {
        return false;
      }
    }
    return true;
  }

  /** What a density makes of rows; see {@link Scoring#map}. */
  final double[] map(Rows rows, BiFunction<Density, NDArray, NDArray> function) {
    require(rows);
    return Scoring.map(engine, density, standardiser, rows, workers, function);
  }

  private void require(Rows rows) {
    require(rows.features(), schema().features().size(), "feature");
    require(rows.context(), schema().contexts().size(), "context");
  }

  private void require(Matrix given, int columns, String kind) {
    if (given.columns() != columns) {
      throw ThalwegException.usage(
          "The model has %d %s columns, the rows have %d.", columns, kind, given.columns());
    }
  }

  @Override
  public void save(ModelWriter writer) {
    writer.value("standardiser", standardiser.toMap());
    store.save(writer);
  }

  @Override
  public void close() {
    workers.close();
  }
}
