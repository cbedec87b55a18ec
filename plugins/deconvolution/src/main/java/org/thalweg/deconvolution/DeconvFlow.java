package org.thalweg.deconvolution;

import java.util.Optional;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Schema;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.Checkpoints;
import org.thalweg.api.estimator.Estimator;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.ModelCard;
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
    errors.of(data.rows(), standardiser).requireSound();
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
    if (options.checkpoints().latest().isEmpty()) {
      new Pretraining(
              config,
              engine,
              store,
              nets,
              objective,
              clean(data, train, standardiser, options, listener),
              options,
              card)
          .run();
    }
    TrainingLoop.Result result =
        new TrainingLoop(
                engine,
                store,
                config.training(),
                config.averaging(),
                objective,
                options,
                listener,
                card)
            .run();
    DeconvFlowModel model =
        new DeconvFlowModel(
            card.withMetric("parameters", store.size())
                .withMetric("seconds", result.seconds())
                .withMetric("steps", result.steps()),
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

  /** What the nets are first trained on, where that is not the table itself. */
  private Optional<CleanRows> clean(
      Dataset data,
      Dataset train,
      Standardiser standardiser,
      FitOptions options,
      FitListener listener) {
    if (noiseFree.isPresent()) {
      double[] all = known(noiseFree.get(), train, standardiser);
      return Optional.of(CleanRows.known(all, train.schema().features().size()));
    }
    if (config.pretrainOn() == DeconvFlowConfig.PretrainOn.ROWS) {
      return Optional.empty();
    }
    // The same seed and split, so that it has the same training rows and units.
    FitOptions same =
        new FitOptions(options.seed(), options.split(), options.timeLimit(), Checkpoints.NONE);
    XdGmm xd =
        new XdGmm("xd-gmm", XdGmmConfig.DEFAULT.withErrors(config.errors()), context.engine());
    try (XdGmmModel mixture = xd.fit(data, same, onlyInterrupts(listener))) {
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
    if (config.pretrainPrior() == 0 && config.pretrainPosterior() == 0) {
      throw ThalwegException.usage(
          "pretrain-on=mixture does nothing without steps: give pretrain-prior, such as 2000, and "
              + "pretrain-posterior.");
    }
  }

  private static FitListener onlyInterrupts(FitListener listener) {
    return new FitListener() {
      @Override
      public void on(FitEvent event) {
        // The mixture's steps are not those of the fit.
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
