package org.thalweg.deconvolution;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Context;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.LatentPosterior;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.estimator.ModelWriter;
import org.thalweg.api.estimator.Sampler;
import org.thalweg.api.estimator.Screening;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Standardiser;
import org.thalweg.toolkit.train.ParameterStore;
import org.thalweg.toolkit.train.Scoring;
import org.thalweg.toolkit.train.Workers;

/**
 * A flow of noise-free rows. It offers
 *
 * <ul>
 *   <li>{@code latent}: log p(v), exact, of rows taken to be without noise
 *   <li>{@code observed}: log p(w) of rows with their errors, as the importance-weighted bound with
 *       its standard error; {@code observed:K} takes K draws a row
 * </ul>
 */
public final class DeconvFlowModel implements Model, LogDensity, Sampler, LatentPosterior {
  private static final Named LATENT = Named.exact("latent");
  private static final Named OBSERVED =
      new Named("observed", Relation.LOWER, Measure.AMBIENT, true);

  /** Numbers that are drawn in one call. */
  private static final int MOST_NUMBERS = 1 << 16;

  private final ModelCard card;
  private final Engine engine;
  private final ParameterStore store;
  private final DeconvNets nets;
  private final Standardiser standardiser;
  private final Errors errors;
  private final BoundScoring scoring;
  private final Workers workers;

  DeconvFlowModel(
      ModelCard card,
      Engine engine,
      ParameterStore store,
      DeconvNets nets,
      Standardiser standardiser) {
    this(card, engine, store, nets, standardiser, new Workers(engine.parallelism()));
  }

  private DeconvFlowModel(
      ModelCard card,
      Engine engine,
      ParameterStore store,
      DeconvNets nets,
      Standardiser standardiser,
      Workers workers) {
    this.card = card;
    this.engine = engine;
    this.store = store;
    this.nets = nets;
    this.standardiser = standardiser;
    this.workers = workers;
    this.errors = Errors.of(config().errors(), card.schema(), Soundness.DEFINITE);
    this.scoring = new BoundScoring(engine, nets, errors, standardiser, config().defensive());
  }

  /** The same model under another card; the workers are shared. */
  DeconvFlowModel with(ModelCard other) {
    return new DeconvFlowModel(other, engine, store, nets, standardiser, workers);
  }

  private DeconvFlowConfig config() {
    return (DeconvFlowConfig) card.config();
  }

  @Override
  public ModelCard card() {
    return card;
  }

  @Override
  public Screening screen(Rows rows) {
    return Screens.of(rows, errors, standardiser, schema());
  }

  @Override
  public List<Named> densities() {
    return List.of(LATENT, OBSERVED);
  }

  @Override
  public Named density(String name) {
    String prefix = OBSERVED.name() + ":";
    if (!name.startsWith(prefix)) {
      return LogDensity.super.density(name);
    }
    Named asked = new Named(name, OBSERVED.relation(), OBSERVED.measure(), true);
    draws(asked);
    return asked;
  }

  /** K, which stands after a colon. */
  private int draws(Named named) {
    int colon = named.name().indexOf(':');
    if (colon < 0) {
      return config().scoringSamples();
    }
    String text = named.name().substring(colon + 1);
    try {
      int k = Integer.parseInt(text);
      if (k >= 2) {
        return k;
      }
    } catch (NumberFormatException e) {
      // Refused below, as any other number that is none.
    }
    throw ThalwegException.usage(
        "'observed:K' takes a whole number of draws of at least 2, got '%s'.", text);
  }

  @Override
  public Scores logDensity(Named named, Rows rows, Seed seed) {
    require(rows);
    if (named.name().equals(LATENT.name())) {
      return new Scores(latent(rows), Optional.empty());
    }
    return scoring.observed(rows, draws(named), seed, workers);
  }

  /** A row with missing features has no density over all of them. */
  private double[] latent(Rows rows) {
    double[] values = rows.features().values().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] = Double.isFinite(values[i]) ? values[i] : 0;
    }
    Matrix filled = new Matrix(rows.size(), rows.features().columns(), values);
    double[] out =
        Scoring.logDensity(
            engine, nets.prior(), standardiser, Rows.of(filled, rows.context()), workers);
    for (int i = 0; i < out.length; i++) {
      out[i] = rows.features().finite(i) ? out[i] : Double.NaN;
    }
    return out;
  }

  @Override
  public Matrix sample(int perContext, Matrix context, Seed seed) {
    if (context.columns() != nets.contexts()) {
      throw ThalwegException.usage(
          "The model has %d context columns, the rows have %d.",
          nets.contexts(), context.columns());
    }
    int d = nets.dimension();
    double[] c = standardiser.contexts(context);
    int together = Math.max(1, MOST_NUMBERS / d);
    int drawsAtOnce = Math.min(together, Math.max(1, perContext));
    int parts = (perContext + drawsAtOnce - 1) / drawsAtOnce;
    List<double[]> drawn =
        workers.map(
            context.rows() * parts,
            i ->
                draw(
                    c,
                    i / parts,
                    Math.min(drawsAtOnce, perContext - i % parts * drawsAtOnce),
                    seed.child(i)));
    return standardiser.inverse(drawn.stream().flatMapToDouble(Arrays::stream).toArray());
  }

  private double[] draw(double[] contexts, int row, int count, Seed seed) {
    int width = nets.contexts();
    try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
      Context given =
          width == 0
              ? Context.none()
              : Context.of(
                  tape.constant(
                      Arrays.copyOfRange(contexts, row * width, (row + 1) * width),
                      new Shape(1, width)));
      return engine
          .hostView(
              nets.prior()
                  .bind(Binding.evaluate(tape))
                  .given(given)
                  .sampleWithLogDensity(count, seed)
                  .value())
          .toDoubles();
    }
  }

  /** By sampling, weighting and resampling (Rubin, 1988); moments are those of all proposals. */
  @Override
  public Draws denoise(Rows rows, int perRow, Seed seed) {
    require(rows);
    int n = rows.size();
    int d = nets.dimension();
    int k = Math.max(perRow, config().proposals());
    NoisyRows noisy = errors.of(rows, standardiser);
    noisy.requireSound();
    Resampled out = new Resampled(n, perRow, d);
    scoring.forEachChunk(
        rows,
        noisy,
        k,
        true,
        seed.child("proposals"),
        workers,
        (from, drawn) -> {
          Matrix values = standardiser.inverse(drawn.values());
          IntStream.range(0, drawn.logWeights().length / k)
              .forEach(
                  i ->
                      out.add(
                          from + i,
                          values.values(),
                          i * k,
                          Arrays.copyOfRange(drawn.logWeights(), i * k, (i + 1) * k),
                          seed.child("resample").child(from + i).generator()));
        });
    return out.draws();
  }

  private void require(Rows rows) {
    int d = schema().features().size();
    if (rows.features().columns() != d || rows.context().columns() != nets.contexts()) {
      throw ThalwegException.usage(
          "The model has %d feature and %d context columns, the rows have %d and %d.",
          d, nets.contexts(), rows.features().columns(), rows.context().columns());
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
