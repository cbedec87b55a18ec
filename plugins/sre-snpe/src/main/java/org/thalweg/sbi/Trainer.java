package org.thalweg.sbi;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.IntStream;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.Checkpoints;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.estimator.Split;
import org.thalweg.api.inference.InferenceEvent;
import org.thalweg.api.inference.InferenceListener;
import org.thalweg.api.inference.InferenceOptions;
import org.thalweg.api.random.Seed;
import org.thalweg.sbi.run.Simulations;
import org.thalweg.toolkit.train.Training;
import org.thalweg.toolkit.train.TrainingLoop;

/** Trains what is learnt on all simulations so far. */
final class Trainer {
  /** Steps between two judgements by the validation rows, at least. */
  private static final int FEWEST_STEPS = 20;

  /** Steps of a round where the options do not say, or ... */
  private static final int STEPS = 4000;

  /** ... so many passes over the simulations, where those are more. */
  private static final int EPOCHS = 20;

  /** Of one row nothing can be told from anything. */
  private static final int FEWEST_ROWS = 2;

  private final Recipe recipe;
  private final Learnt learnt;
  private final double[] initial;
  private final InferenceOptions options;
  private final InferenceListener listener;
  private final ModelCard card;

  /** A trainer for all rounds, of what has fresh weights. */
  Trainer(
      Recipe recipe,
      Learnt learnt,
      InferenceOptions options,
      InferenceListener listener,
      ModelCard card) {
    this.recipe = recipe;
    this.learnt = learnt;
    this.initial = learnt.store().snapshot();
    this.options = options;
    this.listener = listener;
    this.card = card;
  }

  void train(Simulations.Used used, int round, Optional<Duration> timeLimit, Judgement judgement) {
    Table all = Table.of(used, learnt.space(), learnt.scale());
    double share = recipe.common().validation();
    int[] validation = rows(options.seed(), share, all.rows(), Part.VALIDATION);
    int[] training = rows(options.seed(), share, all.rows(), Part.TRAINING);
    if (training.length < FEWEST_ROWS) {
      throw ThalwegException.usage(
          "Of %d usable simulations %d are left to train on, %d are for validation. Set validation to"
              + " less than %s, or simulate more.",
          all.rows(), training.length, validation.length, share);
    }
    Seed seed = options.seed().child("train").child(round);
    RowObjective objective =
        recipe.objective(
            learnt.engine(),
            learnt.net(),
            all.select(training),
            all.select(validation),
            seed,
            round);
    double[] before = learnt.store().snapshot();
    if (round == 1 || recipe.common().fresh()) {
      learnt.store().restore(initial);
      objective.initialise();
    }
    var fit = new FitOptions(seed, Split.DEFAULT, timeLimit, Checkpoints.NONE);
    TrainingLoop.Result result;
    try {
      result =
          new TrainingLoop(
                  learnt.engine(),
                  learnt.store(),
                  fitted(recipe.common().training(), training.length),
                  recipe.common().averaging(),
                  objective,
                  fit,
                  listener(),
                  card)
              .run();
    } catch (ThalwegException e) {
      if (e.exitCode() != ExitCode.INTERRUPTED) {
        throw e;
      }
      String rest =
          options.checkpoints() == Checkpoints.NONE
              ? "nothing was kept, as no checkpoints were asked for"
              : "the simulations are kept, and --resume trains the round again";
      throw new ThalwegException(
          ExitCode.INTERRUPTED, "Interrupted while training round " + round + "; " + rest + ".", e);
    }
    boolean whole =
        result.stop() == FitEvent.Stop.COMPLETED || result.stop() == FitEvent.Stop.EARLY;
    if (round > 1 && !whole) {
      keepTheBetter(before, objective);
    }
    judgement
        .figure("validation_score", result.best())
        .figure("steps_round_" + round, result.steps());
    if (result.stop() == FitEvent.Stop.DIVERGED) {
      judgement.doubt("Training diverged in round %d; the best weights were kept.", round);
    }
    if (result.stop() == FitEvent.Stop.TIME_LIMIT) {
      judgement.doubt("The time limit ended training in round %d.", round);
    }
  }

  /** A round that was cut short may have ended behind the one before, which it did not begin at. */
  private void keepTheBetter(double[] before, RowObjective objective) {
    double[] now = learnt.store().snapshot();
    double score = validated(objective);
    learnt.store().restore(before);
    if (score >= validated(objective)) {
      learnt.store().restore(now);
    }
  }

  /** The score on the validation rows; without any there is nothing to compare by. */
  private double validated(RowObjective objective) {
    return objective.validationRows() == 0
        ? Double.NEGATIVE_INFINITY
        : objective.validate(learnt.workers());
  }

  /** What a row is for. */
  enum Part {
    /** Gradients. */
    TRAINING,
    /** Early stopping. */
    VALIDATION
  }

  /**
   * A row is for validation or not, once and for all: a split drawn anew each round would let the
   * weights of the round before have seen its validation rows.
   *
   * @param seed the inference's
   * @param share of the rows that are for validation
   */
  static int[] rows(Seed seed, double share, int n, Part part) {
    Seed split = seed.child("split");
    boolean validation = part == Part.VALIDATION;
    return IntStream.range(0, n)
        .filter(i -> split.child(i).generator().nextDouble() < share == validation)
        .toArray();
  }

  /**
   * What the options leave to the number of simulations. An epoch of few has too few steps for a
   * judgement: patience would be over before the weights have moved. Of many, {@link #STEPS} are
   * too few epochs.
   */
  private static Training fitted(Training of, int rows) {
    int epoch = (int) Math.max(1, Math.round((double) rows / of.batchSize()));
    return new Training(
        of.epochs(),
        of.steps() > 0 ? of.steps() : Math.max(STEPS, (long) EPOCHS * epoch),
        of.batchSize(),
        of.learningRate(),
        of.schedule(),
        of.patience(),
        of.validateEvery() > 0 ? of.validateEvery() : Math.max(epoch, FEWEST_STEPS),
        of.clipNorm(),
        of.weightDecay(),
        of.checkpointSeconds(),
        of.oversized());
  }

  private FitListener listener() {
    return new FitListener() {
      @Override
      public void on(FitEvent event) {
        listener.on(new InferenceEvent.Training(event));
      }

      @Override
      public boolean interrupted() {
        return listener.interrupted();
      }
    };
  }
}
