package org.thalweg.dnf;

import java.util.Arrays;
import java.util.Locale;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.density.Binding;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.toolkit.data.Dequantiser;
import org.thalweg.toolkit.data.Standardiser;
import org.thalweg.toolkit.train.FitTable;
import org.thalweg.toolkit.train.Objective;
import org.thalweg.toolkit.train.ParameterStore;
import org.thalweg.toolkit.train.Training;
import org.thalweg.toolkit.train.TrainingLoop;
import org.thalweg.toolkit.train.TrainingRows;
import org.thalweg.toolkit.train.Workers;

/** One fit of a flow on a manifold: divide, standardise, find d, train, judge. */
final class ManifoldFit {
  private final Kind kind;
  private final Record config;
  private final ManifoldConfig manifold;
  private final Training training;
  private final EstimatorContext context;
  private final FitListener listener;

  /** What differs between the estimators. */
  interface Kind {
    String name();

    /** The rows of each part that are judged at the end. */
    int judgedRows();

    Objective objective(Parts parts);

    ManifoldModel model(ModelCard card, ManifoldModel.Made made);

    /** Adds what is measured on held-out rows. */
    ModelCard measured(ModelCard card, ManifoldModel model, Rows rows, String part);
  }

  /** What an objective is made of. */
  record Parts(
      Engine engine,
      ManifoldNets nets,
      Standardiser standardiser,
      Dataset train,
      Dataset validation,
      FitOptions options) {}

  ManifoldFit(
      Kind kind,
      Record config,
      ManifoldConfig manifold,
      Training training,
      EstimatorContext context,
      FitListener listener) {
    this.kind = kind;
    this.config = config;
    this.manifold = manifold;
    this.training = training;
    this.context = context;
    this.listener = listener;
  }

  ManifoldModel run(Dataset data, FitOptions options) {
    int columns = data.schema().features().size();
    requireDimension(columns);
    FitTable table = new FitTable(data, options);
    table.warnOfNoValidation(listener, training);
    Dataset train = table.train();
    Standardiser standardiser = Standardiser.commonOf(train);
    table.requireInside(standardiser);
    Estimate estimate = dimension(train, standardiser, options);
    Engine engine = context.engine();
    ParameterStore store = new ParameterStore(engine, options.seed());
    ManifoldNets nets =
        ManifoldNets.build(
            manifold, estimate.dimension(), data.schema(), store, context.registry());
    ModelCard card = table.card(kind.name(), config, engine);
    Parts parts = new Parts(engine, nets, standardiser, train, table.validation(), options);
    var passed = new TrainingRows(train, standardiser, options.seed());
    Passing.through(engine, nets, passed, Binding.Mode.INITIALISE, options.seed());
    passed.release();
    TrainingLoop.Result result =
        new TrainingLoop(engine, store, training, kind.objective(parts), options, listener, card)
            .run();
    ModelCard trained =
        estimate
            .added(card)
            .withMetric("parameters", store.size())
            .withMetric("seconds", result.seconds())
            .withMetric("steps", result.steps())
            .withMetric("scale", standardiser.scale(0));
    ManifoldModel model =
        kind.model(trained, new ManifoldModel.Made(engine, store, nets, standardiser));
    ModelCard judged =
        table.judged(
            trained,
            listener,
            (rows, noise) -> model.logDensity(model.densities().get(0), rows, noise).values(),
            kind.judgedRows());
    return model.with(measured(judged, model, table.validation(), options));
  }

  private ModelCard measured(
      ModelCard card, ManifoldModel model, Dataset validation, FitOptions options) {
    if (validation.size() == 0) {
      return card;
    }
    Rows all = validation.rows();
    Rows some = all.slice(0, Math.min(kind.judgedRows(), all.size()));
    Rows rows =
        Dequantiser.apply(some, validation.schema(), options.seed().child("reconstruction"));
    double squares = Arrays.stream(model.distances(rows)).map(v -> v * v).average().orElseThrow();
    return kind.measured(
        card.withMetric("validation_reconstruction", Math.sqrt(squares)),
        model,
        rows,
        "validation");
  }

  private void requireDimension(int columns) {
    if (columns < 2) {
      throw ThalwegException.usage(
          "Estimator '%s' models at least 2 columns together; there is 1. A manifold has fewer"
              + " dimensions than there are columns.",
          kind.name());
    }
    if (manifold.dimension() >= columns) {
      throw ThalwegException.usage(
          "The manifold's dimension must be less than the number of columns, %d; got dimension=%d."
              + " Where rows fill all of it, a flow over the columns is right: --estimator %s.",
          columns, manifold.dimension(), manifold.flow().name());
    }
  }

  /**
   * d, and what it was estimated as.
   *
   * @param estimated NaN where it was given
   */
  private record Estimate(int dimension, double estimated) {
    ModelCard added(ModelCard card) {
      ModelCard out = card.withMetric("dimension", dimension);
      return Double.isNaN(estimated) ? out : out.withMetric("intrinsic_dimension", estimated);
    }
  }

  private Estimate dimension(Dataset train, Standardiser standardiser, FitOptions options) {
    if (manifold.dimension() > 0) {
      return new Estimate(manifold.dimension(), Double.NaN);
    }
    Matrix x = train.rows().features();
    Matrix z = new Matrix(x.rows(), x.columns(), standardiser.features(x));
    double estimated;
    try (Workers workers = new Workers(context.engine().parallelism())) {
      estimated = IntrinsicDimension.estimate(z, options.seed().child("dimension"), workers);
    }
    int most = x.columns() - 1;
    long rounded = Math.max(1, Math.round(estimated));
    if (rounded > most) {
      listener.on(
          new FitEvent.Warned(
              String.format(
                  Locale.ROOT,
                  "The rows seem to have %.2f dimensions, as many as there are columns: they lie on"
                      + " no manifold, or have noise of their own. dimension=%d is taken; give it where"
                      + " you know better, or fit a flow over the columns: --estimator %s.",
                  estimated,
                  most,
                  manifold.flow().name())));
    }
    return new Estimate((int) Math.min(most, rounded), estimated);
  }
}
