package org.thalweg.deconvolution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Optional;
import org.thalweg.api.density.Binding;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.estimator.Checkpoints;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.train.Objective;
import org.thalweg.toolkit.train.ParameterStore;
import org.thalweg.toolkit.train.Share;
import org.thalweg.toolkit.train.Training;
import org.thalweg.toolkit.train.TrainingLoop;
import org.thalweg.toolkit.train.TrainingRows;
import org.thalweg.toolkit.train.Workers;

/**
 * Trains the prior and the recognition net separately, by maximum likelihood, before they are
 * trained together (Dockhorn and others, 2020, section 4.1). Without rows that are free of noise
 * the prior starts from the noisy ones, which is too broad, and the recognition net from what the
 * prior draws.
 */
final class Pretraining {
  private static final int PASSED_ROWS = 4096;

  private final DeconvFlowConfig config;
  private final Engine engine;
  private final ParameterStore store;
  private final DeconvNets nets;
  private final DeconvObjective objective;
  private final Stopwatch watch;
  private final FitListener listener;
  private final ModelCard card;

  /**
   * Training before training.
   *
   * @param watch what is left of the fit's time
   * @param listener may interrupt
   */
  Pretraining(
      DeconvFlowConfig config,
      Engine engine,
      ParameterStore store,
      DeconvNets nets,
      DeconvObjective objective,
      Stopwatch watch,
      FitListener listener,
      ModelCard card) {
    this.config = config;
    this.engine = engine;
    this.store = store;
    this.nets = nets;
    this.objective = objective;
    this.watch = watch;
    this.listener = listener;
    this.card = card;
  }

  /**
   * Takes the steps that the options ask for, as long as there is time.
   *
   * @param clean rows without noise, where there are any
   */
  void run(Optional<CleanRows> clean, Seed seed) {
    train(
        config.pretrainPrior(),
        (binding, rows, epoch) -> priorLoss(clean, binding, rows, epoch),
        seed.child("pretrain-prior"));
    Blurred blurred = objective.blurred();
    Loss recognition =
        clean
            .map(
                all ->
                    (Loss)
                        (binding, rows, epoch) ->
                            blurred.loss(
                                all.of(rows, binding.seed().child("clean")), binding, rows, epoch))
            .orElse(blurred::lossOfDraws);
    train(config.pretrainPosterior(), recognition, seed.child("pretrain-posterior"));
  }

  /** The mean loss of some training rows; parts that look at their input do what is asked. */
  @FunctionalInterface
  private interface Loss {
    NDArray of(Binding binding, int[] indices, int epoch);
  }

  private void train(long steps, Loss loss, Seed seed) {
    if (steps == 0 || watch.over()) {
      return;
    }
    Training training =
        new Training(
            Integer.MAX_VALUE,
            steps,
            config.training().batchSize(),
            config.training().learningRate(),
            Training.Schedule.COSINE,
            0,
            0,
            config.training().clipNorm(),
            0,
            1e9);
    Objective own =
        new Objective() {
          @Override
          public int trainingRows() {
            return objective.trainingRows();
          }

          @Override
          public int validationRows() {
            return 0;
          }

          @Override
          public void refresh() {
            pass(loss, Binding.Mode.STATISTICS, seed);
          }

          @Override
          public NDArray loss(Tape tape, Share share) {
            Binding binding = new Binding(tape, Binding.Mode.TRAIN, share.seed());
            return loss.of(binding, share.rows(), share.epoch());
          }

          @Override
          public double validate(Workers workers) {
            return Double.NaN;
          }
        };
    pass(loss, Binding.Mode.INITIALISE, seed);
    FitOptions alone = watch.left(seed, Checkpoints.NONE);
    new TrainingLoop(engine, store, training, own, alone, listener, card).run();
  }

  /** Shows the same training rows each time. */
  private void pass(Loss loss, Binding.Mode mode, Seed seed) {
    try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
      Binding binding = new Binding(tape, mode, seed.child("initialise"));
      loss.of(binding, objective.some(PASSED_ROWS), 0);
    }
  }

  private NDArray priorLoss(Optional<CleanRows> clean, Binding binding, int[] indices, int epoch) {
    TrainingRows.Batch rows = objective.rows().batch(indices, epoch);
    NoisyBatch batch = objective.batch(rows, indices);
    double[] v =
        clean.map(all -> all.of(indices, binding.seed().child("clean"))).orElseGet(batch::rows);
    NDArray each =
        nets.bind(binding, batch)
            .prior()
            .logDensity(binding.tape().constant(v, new Shape(indices.length, nets.dimension())));
    return rows.mean(binding.tape(), each).neg();
  }
}
