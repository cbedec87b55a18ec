package org.thalweg.dnf;

import ai.djl.ndarray.NDArray;
import java.util.Optional;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.density.Binding;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.Decoder;
import org.thalweg.api.estimator.Encoder;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.estimator.ModelWriter;
import org.thalweg.api.estimator.Projection;
import org.thalweg.api.estimator.Sampler;
import org.thalweg.api.estimator.Screening;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Standardiser;
import org.thalweg.toolkit.train.Drawing;
import org.thalweg.toolkit.train.ParameterStore;
import org.thalweg.toolkit.train.RowMap;
import org.thalweg.toolkit.train.Workers;

/**
 * A trained manifold and a density on it. A row is encoded to d numbers that are standard normal
 * where the base of {@code latent} is, as u' = h(u(x)), and decoded to f(Pad(u)). Samples lie on
 * the manifold.
 */
abstract sealed class ManifoldModel
    implements Model, LogDensity, Sampler, Encoder, Decoder, Projection
    permits DnfModel, MFlowModel {
  /** What a model is made of. */
  record Made(
      Engine engine,
      ParameterStore store,
      ManifoldNets nets,
      Standardiser standardiser,
      Workers workers) {
    Made(Engine engine, ParameterStore store, ManifoldNets nets, Standardiser standardiser) {
      this(engine, store, nets, standardiser, new Workers(engine.parallelism()));
    }
  }

  private final ModelCard card;
  private final Made made;

  ManifoldModel(ModelCard card, Made made) {
    this.card = card;
    this.made = made;
  }

  /** The same model under another card; the workers are shared. */
  abstract ManifoldModel with(ModelCard other);

  final Made made() {
    return made;
  }

  /** One standard unit, in the columns' unit. */
  final double scale() {
    return made.standardiser.scale(0);
  }

  @Override
  public final ModelCard card() {
    return card;
  }

  @Override
  public final Screening screen(Rows rows) {
    return made.standardiser.screen(rows, schema());
  }

  @Override
  public final int dimension() {
    return made.nets.dimension();
  }

  /** What a chunk is mapped to, given the bound flows. */
  @FunctionalInterface
  interface OfBound {
    NDArray apply(ManifoldNets.Bound bound, NDArray x);
  }

  /** The values of standardised rows. */
  final double[] map(Rows rows, OfBound function) {
    require(rows.features(), schema().features().size(), "feature");
    return map(standardised(rows), rows.context(), function);
  }

  final Matrix standardised(Rows rows) {
    Matrix x = rows.features();
    return new Matrix(x.rows(), x.columns(), made.standardiser.features(x));
  }

  final Matrix contexts(Matrix context) {
    require(context, schema().contexts().size(), "context");
    return new Matrix(context.rows(), context.columns(), made.standardiser.contexts(context));
  }

  private double[] map(Matrix x, Matrix context, OfBound function) {
    return RowMap.map(
        made.engine,
        made.workers,
        x,
        contexts(context),
        (tape, z, given) -> function.apply(made.nets.bind(Binding.evaluate(tape), given), z));
  }

  @Override
  public final Matrix encode(Rows rows) {
    double[] noise = map(rows, (bound, x) -> bound.toNoise(bound.place(x).u()));
    return new Matrix(rows.size(), dimension(), noise);
  }

  @Override
  public final Matrix decode(Matrix latent, Matrix context) {
    if (latent.columns() != dimension()) {
      throw ThalwegException.usage(
          "The manifold has %d dimensions, the representations have %d.",
          dimension(), latent.columns());
    }
    return made.standardiser.inverse(
        map(latent, context, (bound, noise) -> bound.onManifold(bound.fromNoise(noise))));
  }

  @Override
  public final Matrix project(Rows rows) {
    return made.standardiser.inverse(map(rows, (bound, x) -> bound.onManifold(bound.place(x).u())));
  }

  @Override
  public final Matrix sample(int perContext, Matrix context, Seed seed) {
    Drawing drawing =
        new Drawing(made.engine, made.workers, card.estimator(), schema().features().size());
    return made.standardiser.inverse(
        drawing.draw(
            (tape, given, count, own) -> {
              ManifoldNets.Bound bound = made.nets.bind(Binding.evaluate(tape), given);
              return bound.onManifold(bound.drawCoordinates(count, own));
            },
            perContext,
            contexts(context),
            seed));
  }

  @Override
  public final Scores logDensity(Named named, Rows rows, Seed seed) {
    return new Scores(logDensity(density(named.name()), rows), Optional.empty());
  }

  /** The log-density of rows in the user's units, under one of {@link #densities}. */
  abstract double[] logDensity(Named named, Rows rows);

  static void require(Matrix given, int columns, String kind) {
    if (given.columns() != columns) {
      throw ThalwegException.usage(
          "The model has %d %s columns, the rows have %d.", columns, kind, given.columns());
    }
  }

  @Override
  public final void save(ModelWriter writer) {
    writer.value("standardiser", made.standardiser.toMap());
    writer.value("dimension", dimension());
    made.store.save(writer);
  }

  @Override
  public final void close() {
    made.workers.close();
  }
}
