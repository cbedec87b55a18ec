package org.thalweg.toolkit.infer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.data.Schema;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.estimator.ModelWriter;
import org.thalweg.api.estimator.Sampler;
import org.thalweg.api.inference.AmortisedPosterior;
import org.thalweg.api.inference.Posterior;
import org.thalweg.api.random.Seed;

/**
 * A posterior as a model of its parameters. An amortised one is conditional: its contexts are the
 * numbers of an observation. It scores rows only where the posterior has a log-density.
 */
public class PosteriorModel implements Model, Sampler {
  private final Posterior posterior;
  private final ModelCard card;

  private PosteriorModel(Posterior posterior, ModelCard card) {
    this.posterior = posterior;
    this.card = card;
  }

  /**
   * The model of a posterior, which it closes.
   *
   * @param card what it is, with a schema as {@link #schema} makes it
   */
  public static PosteriorModel of(Posterior posterior, ModelCard card) {
    return posterior
        .logDensityRelation()
        .<PosteriorModel>map(relation -> new Scored(posterior, card, relation))
        .orElseGet(() -> new PosteriorModel(posterior, card));
  }

  /**
   * The columns of a posterior's model: the parameters as features, and the observation as contexts
   * where the posterior answers for any.
   *
   * @param observationNames the names of the numbers in one observation
   */
  public static Schema schema(Posterior posterior, List<String> observationNames) {
    List<Column> columns = new ArrayList<>();
    posterior.problem().parameterNames().forEach(name -> columns.add(Column.feature(name)));
    if (posterior instanceof AmortisedPosterior) {
      observationNames.forEach(name -> columns.add(Column.context(name)));
    }
    return new Schema(columns);
  }

  /** The posterior itself. */
  public Posterior posterior() {
    return posterior;
  }

  @Override
  public ModelCard card() {
    return card;
  }

  @Override
  public Matrix sample(int perContext, Matrix context, Seed seed) {
    int wanted = schema().contexts().size();
    if (context.columns() != wanted) {
      throw ThalwegException.usage(
          "This posterior is drawn from given %d numbers of an observation, got %d.",
          wanted, context.columns());
    }
    return posterior instanceof AmortisedPosterior amortised
        ? amortised.sample(perContext, context, seed)
        : posterior.sample(Math.multiplyExact(perContext, context.rows()), seed);
  }

  @Override
  public void save(ModelWriter writer) {
    posterior.save(writer);
  }

  @Override
  public void close() {
    posterior.close();
  }

  /** With a log-density. */
  private static final class Scored extends PosteriorModel implements LogDensity {
    private final Named density;

    Scored(Posterior posterior, ModelCard card, Relation relation) {
      super(posterior, card);
      this.density = new Named("posterior", relation, Measure.AMBIENT, false);
    }

    @Override
    public List<Named> densities() {
      return List.of(density);
    }

    @Override
    public Scores logDensity(Named asked, Rows rows, Seed seed) {
      density(asked.name());
      int parameters = schema().features().size();
      int contexts = schema().contexts().size();
      if (rows.features().columns() != parameters || rows.context().columns() != contexts) {
        throw ThalwegException.usage(
            "This posterior scores %d parameters given %d numbers of an observation, got %d and %d.",
            parameters, contexts, rows.features().columns(), rows.context().columns());
      }
      double[] values =
          posterior() instanceof AmortisedPosterior amortised
              ? amortised.logDensity(rows.features(), rows.context())
              : posterior().logDensity(rows.features());
      return new Scores(values, Optional.empty());
    }
  }
}
