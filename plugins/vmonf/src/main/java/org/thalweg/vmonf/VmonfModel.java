package org.thalweg.vmonf;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.TrainableDensity;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.Assignment;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.estimator.ModelWriter;
import org.thalweg.api.estimator.Sampler;
import org.thalweg.api.estimator.Screening;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Standardiser;
import org.thalweg.toolkit.nn.Ops;
import org.thalweg.toolkit.train.Drawing;
import org.thalweg.toolkit.train.ParameterStore;
import org.thalweg.toolkit.train.RowMap;
import org.thalweg.toolkit.train.Workers;

/**
 * A trained mixture of flows. Its log-density is {@code exact}, the sum over the components, or
 * {@code bound}, the evidence lower bound (eq. 1), which lies below by the Kullback-Leibler
 * divergence of the net's assignment from the exact one. Rows are assigned by the net.
 */
public final class VmonfModel implements Model, LogDensity, Sampler, Assignment {
  private static final Named EXACT = Named.exact("exact");
  private static final Named BOUND = new Named("bound", Relation.LOWER, Measure.AMBIENT, false);

  private final ModelCard card;
  private final Engine engine;
  private final ParameterStore store;
  private final VmonfNets nets;
  private final Standardiser standardiser;
  private final Workers workers;

  VmonfModel(
      ModelCard card,
      Engine engine,
      ParameterStore store,
      VmonfNets nets,
      Standardiser standardiser) {
    this(card, engine, store, nets, standardiser, new Workers(engine.parallelism()));
  }

  private VmonfModel(
      ModelCard card,
      Engine engine,
      ParameterStore store,
      VmonfNets nets,
      Standardiser standardiser,
      Workers workers) {
    this.card = card;
    this.engine = engine;
    this.store = store;
    this.nets = nets;
    this.standardiser = standardiser;
    this.workers = workers;
  }

  /** The same model under another card; the workers are shared. */
  VmonfModel with(ModelCard other) {
    return new VmonfModel(other, engine, store, nets, standardiser, workers);
  }

  @Override
  public ModelCard card() {
    return card;
  }

  private double temperature() {
    return ((VmonfConfig) card.config()).annealing().finalTemperature();
  }

  @Override
  public Screening screen(Rows rows) {
    return standardiser.screen(rows, schema());
  }

  @Override
  public List<Named> densities() {
    return List.of(EXACT, BOUND);
  }

  @Override
  public Scores logDensity(Named named, Rows rows, Seed seed) {
    Named known = density(named.name());
    double[] values =
        known.equals(BOUND)
            ? map(rows, (said, x) -> said.bound())
            : map(rows, (said, x) -> Ops.logSumExp(said.logJoint(), 1));
    double[] jacobian = standardiser.logAbsDet(rows.features());
    for (int i = 0; i < values.length; i++) {
      values[i] += jacobian[i];
    }
    return new Scores(values, Optional.empty());
  }

  @Override
  public int components() {
    return nets.mixture().size();
  }

  @Override
  public Matrix probabilities(Rows rows) {
    return new Matrix(rows.size(), components(), map(rows, (said, x) -> said.logPosterior().exp()));
  }

  /**
   * The exact probabilities p(c | x), {@code [N, K]}, which the net's approximate; each row sums to
   * 1.
   */
  public Matrix exactProbabilities(Rows rows) {
    double[] values = map(rows, (said, x) -> Ops.logSoftmax(said.logJoint()).exp());
    return new Matrix(rows.size(), components(), values);
  }

  @Override
  public Matrix sample(int perContext, Matrix context, Seed seed) {
    return draw(nets.mixture(), perContext, context, seed);
  }

  @Override
  public Sampler component(int index) {
    if (index < 0 || index >= components()) {
      throw ThalwegException.usage(
          "The model has the components 0 to %d; there is no component %d.",
          components() - 1, index);
    }
    return (perContext, context, seed) ->
        draw(nets.mixture().component(index), perContext, context, seed);
  }

  private Matrix draw(TrainableDensity density, int perContext, Matrix context, Seed seed) {
    require(context, schema().contexts().size(), "context");
    Drawing drawing = new Drawing(engine, workers, card.estimator(), schema().features().size());
    return standardiser.inverse(drawing.draw(density, perContext, contexts(context), seed));
  }

  private double[] map(Rows rows, BiFunction<VmonfNets.Said, NDArray, NDArray> function) {
    require(rows.features(), schema().features().size(), "feature");
    require(rows.context(), schema().contexts().size(), "context");
    Matrix x = rows.features();
    return RowMap.map(
        engine,
        workers,
        new Matrix(x.rows(), x.columns(), standardiser.features(x)),
        contexts(rows.context()),
        (tape, z, context) ->
            function.apply(nets.of(z, context, Binding.evaluate(tape), temperature()), z));
  }

  private Matrix contexts(Matrix context) {
    return new Matrix(context.rows(), context.columns(), standardiser.contexts(context));
  }

  private static void require(Matrix given, int columns, String kind) {
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
