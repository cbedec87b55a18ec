package org.thalweg.deconvolution;

import java.util.Optional;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Schema;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.Checkpoints;
import org.thalweg.api.estimator.Estimator;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Standardiser;
import org.thalweg.toolkit.train.FitTable;
import org.thalweg.toolkit.train.ParameterStore;
import org.thalweg.toolkit.train.TrainingLoop;

/** The estimator: divide, standardise, train apart where asked, train together, judge. */
public final class DeconvFlow implements Estimator {
  /** Rows of a part that are judged; each costs as many evaluations as it has draws. */
  private static final int MOST_DRAWS = 400_000;

  private final String name;
  private final DeconvFlowConfig config;
  private final EstimatorContext context;
  private final Optional<Matrix> noiseFree;

  DeconvFlow(
      String name, DeconvFlowConfig config, EstimatorContext context, Optional<Matrix> noiseFree) {
    this.name = name;
    this.config = config;
    this.context = context;
    this.noiseFree = noiseFree;
  }

  /**
   * The same estimator, whose pretraining sees rows without noise: for studies of what stands in
   * the way of a fit (Dockhorn and others, 2020, section 4.1), where they are known.
   *
   * @param rows the noise-free rows of the table that is fitted, in its order, in the user's units;
   *     the fit's split must leave all rows for training
   */
  public DeconvFlow pretrainedOn(Matrix rows) {
    return new DeconvFlow(name, config, context, Optional.of(rows));
  }

  @Override
  public DeconvFlowModel fit(Dataset data, FitOptions options, FitListener listener) {
    Engine engine = context.engine();
    Seed seed = options.seed();
    requireMixtureFits(data.schema());
    Errors errors = Errors.of(config.errors(), data.schema(), Soundness.DEFINITE);
    FitTable table = FitTable.withMissing(data, options);
    table.warnOfWholeNumbers(listener);
    table.warnOfNoValidation(listener, config.training());
    Dataset train = table.train();
    Standardiser standardiser = Standardiser.observed(train);
    errors.of(data.rows(), standardiser).require(listener);
    ParameterStore store = new ParameterStore(engine, seed);
    DeconvNets nets =
        DeconvNets.build(
            config,
            data.schema().features().size(),
            data.schema().contexts().size(),
            store,
            context.registry());
    DeconvObjective objective =
        new DeconvObjective(
            config, engine, nets, errors, standardiser, train, table.validation(), seed);
    objective.initialise();
    ModelCard card = table.card(name, config, engine);
    Stopwatch watch = new Stopwatch(options);
    Optional<ModelReader> latest = options.checkpoints().latest();
    if (latest.isEmpty() && pretrains()) {
      pretrain(
          new Pretraining(config, engine, store, nets, objective, watch, quiet(listener), card),
          data,
          train,
          standardiser,
          watch,
          seed,
          listener);
    }
    double pretraining =
        latest.map(AfterPretraining::seconds).orElseGet(() -> pretrains() ? watch.seconds() : 0);
    Checkpoints checkpoints = options.checkpoints();
    if (checkpoints != Checkpoints.NONE) {
      checkpoints = new AfterPretraining(checkpoints, pretraining);
    }
    TrainingLoop.Result result =
        new TrainingLoop(
                engine,
                store,
                config.training(),
                config.averaging(),
                objective,
                watch.left(seed, checkpoints),
                listener,
                card)
            .run();
    ModelCard trained =
        card.withMetric("parameters", store.size())
            .withMetric("seconds", pretraining + result.seconds())
            .withMetric("steps", result.steps());
    DeconvFlowModel model =
        new DeconvFlowModel(
            pretrains() ? trained.withMetric("pretrain_seconds", pretraining) : trained,
            engine,
            store,
            nets,
            standardiser);
    return model.with(
        table.judged(
            model.card(),
            listener,
            (rows, noise) -> model.logDensity(model.density("observed"), rows, noise).values(),
            Math.max(200, MOST_DRAWS / config.scoringSamples())));
  }

  private boolean pretrains() {
    return config.pretrainPrior() > 0 || config.pretrainPosterior() > 0;
  }

  private void pretrain(
      Pretraining pretraining,
      Dataset data,
      Dataset train,
      Standardiser standardiser,
      Stopwatch watch,
      Seed seed,
      FitListener listener) {
    try {
      pretraining.run(clean(data, train, standardiser, watch, seed, listener), seed);
    } catch (ThalwegException e) {
      if (e.exitCode() != ExitCode.INTERRUPTED) {
        throw e;
      }
      throw new ThalwegException(
          ExitCode.INTERRUPTED,
          "Interrupted in pretraining; nothing was kept, as checkpoints begin after it.",
          e);
    }
    if (watch.over()) {
      listener.on(
          new FitEvent.Warned(
              "The time limit was reached in pretraining: the nets were hardly trained together. "
                  + "Raise --time-limit, or lower pretrain-prior and pretrain-posterior."));
    }
  }

  /** What the nets are first trained on, where that is not the table itself. */
  private Optional<CleanRows> clean(
      Dataset data,
      Dataset train,
      Standardiser standardiser,
      Stopwatch watch,
      Seed seed,
      FitListener listener) {
    if (noiseFree.isPresent()) {
      double[] all = known(noiseFree.get(), train, standardiser);
      return Optional.of(CleanRows.known(all, train.schema().features().size()));
    }
    if (config.pretrainOn() == DeconvFlowConfig.PretrainOn.ROWS) {
      return Optional.empty();
    }
    XdGmm xd =
        new XdGmm("xd-gmm", XdGmmConfig.DEFAULT.withErrors(config.errors()), context.engine());
    // The same seed and split, so that it has the same training rows and units.
    FitOptions same = watch.left(seed, Checkpoints.NONE);
    try (XdGmmModel mixture = xd.fit(data, same, quiet(listener))) {
      return Optional.of(CleanRows.drawn(mixture.mixture()));
    }
  }

  private void requireMixtureFits(Schema schema) {
    if (config.pretrainOn() == DeconvFlowConfig.PretrainOn.ROWS) {
      return;
    }
    if (!schema.contexts().isEmpty()) {
      throw ThalwegException.usage(
          "pretrain-on=mixture: a mixture takes no context columns, and there is '%s'. Leave it "
              + "out, or choose pretrain-on=rows.",
          schema.contexts().get(0).name());
    }
    if (!pretrains()) {
      throw ThalwegException.usage(
          "pretrain-on=mixture does nothing without steps: give pretrain-prior, such as 2000, and "
              + "pretrain-posterior.");
    }
  }

  /** The steps of pretraining are not those of the fit, but it may be stopped in them. */
  private static FitListener quiet(FitListener listener) {
    return new FitListener() {
      @Override
      public void on(FitEvent event) {
        // Nobody is told.
      }

      @Override
      public boolean interrupted() {
        return listener.interrupted();
      }
    };
  }

  private static double[] known(Matrix rows, Dataset train, Standardiser standardiser) {
    if (rows.rows() != train.size() || rows.columns() != train.schema().features().size()) {
      throw ThalwegException.usage(
          "Pretraining takes the %d training rows of %d features without noise, got %d of %d.",
          train.size(), train.schema().features().size(), rows.rows(), rows.columns());
    }
    return standardiser.features(rows);
  }
}
