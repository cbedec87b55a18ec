package org.thalweg.toolkit.train;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.density.Density;
import org.thalweg.api.density.TrainableDensity;
import org.thalweg.api.engine.Engine;
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
    Matrix contexts = new Matrix(context.rows(), context.columns(), standardiser.contexts(context));
    return new Drawing(engine, workers, card.estimator(), schema().features().size())
        .draw(Drawing.of(density, part), perContext, contexts, seed);
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
