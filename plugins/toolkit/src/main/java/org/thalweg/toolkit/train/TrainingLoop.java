package org.thalweg.toolkit.train;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.Checkpoints;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitEvent.Stop;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.toolkit.data.Splitter;

/**
 * Trains parameters by stochastic gradient: shuffled batches divided over workers, Adam, a
 * schedule, early stopping that keeps the best weights, steps that are undone where numbers stop
 * being finite, checkpoints.
 *
 * <p>What is random in a step is a function of the seed and the step's number, so a fit that goes
 * on from a checkpoint takes the same steps, bit for bit, as one that was never stopped.
 */
public final class TrainingLoop {
  /** Steps without finite numbers in a row before the best weights are taken up again. */
  private static final int BAD_STEPS = 3;

  /** How often the best weights are taken up again, with half the step size, before giving up. */
  private static final int RESTARTS = 5;

  /** Fewer rows than this are not worth a worker. */
  private static final int LEAST_SHARE = 32;

  /**
   * How a run ended; the store holds the best weights.
   *
   * @param steps steps taken
   * @param stop why it stopped
   * @param seconds time spent, over all resumptions
   * @param best the best validation score, in nats; NaN without validation rows
   * @param history one row a validation: step, mean training loss since the last, validation score
   */
  public record Result(long steps, Stop stop, double seconds, double best, List<double[]> history) {
    /** Copies the history. */
    public Result {
      history = List.copyOf(history);
    }
  }

  private final Engine engine;
  private final ParameterStore store;
  private final Training config;
  private final Objective objective;
  private final FitOptions options;
  private final FitListener listener;
  private final ModelCard card;

  private final int stepsPerEpoch;
  private final long totalSteps;
  private final long validateEvery;
  private final Descent descent;
  private final Pieces pieces;
  private final MovingAverage average;
  private final TrainingState state;
  private int[] order = new int[0];
  private int orderEpoch = -1;
  private double secondsAtCheckpoint;
  private double timeShare;

  /**
   * A run that has not begun.
   *
   * @param card what checkpoints are labelled with; a checkpoint of other options is refused
   */
  public TrainingLoop(
      Engine engine,
      ParameterStore store,
      Training config,
      Objective objective,
      FitOptions options,
      FitListener listener,
      ModelCard card) {
    this(engine, store, config, 0, objective, options, listener, card);
  }

  /**
   * A run whose weights are judged, and kept, as a moving average over the steps.
   *
   * @param averaging what the average keeps of itself in a step; 0: the weights themselves
   */
  public TrainingLoop(
      Engine engine,
      ParameterStore store,
      Training config,
      double averaging,
      Objective objective,
      FitOptions options,
      FitListener listener,
      ModelCard card) {
    this.engine = engine;
    this.store = store;
    this.config = config;
    this.objective = objective;
    this.options = options;
    this.listener = listener;
    this.card = card;
    int rows = objective.trainingRows();
    stepsPerEpoch = (int) Math.max(1, Math.round((double) rows / config.batchSize()));
    long byEpochs = (long) config.epochs() * stepsPerEpoch;
    totalSteps = config.steps() > 0 ? Math.min(config.steps(), byEpochs) : byEpochs;
    validateEvery = config.validateEvery() > 0 ? config.validateEvery() : stepsPerEpoch;
    descent = Descent.of(engine, store, config.weightDecay());
    average = new MovingAverage(engine, store, averaging);
    state = new TrainingState(store.snapshot());
    pieces = new Pieces(engine, config.oversized(), store.hasStatistics(), listener);
  }

  /**
   * Trains until it is done and leaves the best weights in the store.
   *
   * @throws ThalwegException exit code 130 where the listener interrupts, after a checkpoint; 5
   *     where no step, or no validation, had finite numbers, however few there were
   */
  public Result run() {
    try (descent;
        average) {
      return trained();
    } finally {
      objective.release();
    }
  }

  private Result trained() {
    options.checkpoints().latest().ifPresent(this::resume);
    listener.on(
        new FitEvent.Started(
            objective.trainingRows(), objective.validationRows(), store.size(), totalSteps));
    replay();
    double before = state.seconds;
    long start = System.nanoTime();
    secondsAtCheckpoint = before;
    Stop stop;
    try (Workers workers = new Workers(engine.parallelism())) {
      if (state.step == 0 && objective.judgesStart()) {
        validate(workers);
      }
      do {
        state.seconds = before + (System.nanoTime() - start) * 1e-9;
        stop = next(workers, state.seconds - before);
      } while (stop == null);
    }
    state.seconds = before + (System.nanoTime() - start) * 1e-9;
    finish(stop);
    boolean judged = Double.isFinite(state.bestScore);
    return new Result(
        state.step, stop, state.seconds, judged ? state.bestScore : Double.NaN, state.history);
  }

  /** Tells the listener what the run that this one resumes told its own. */
  private void replay() {
    double most = Double.NEGATIVE_INFINITY;
    for (double[] row : state.history) {
      long step = (long) row[0];
      boolean best = row[2] > most;
      most = Math.max(most, row[2]);
      listener.on(new FitEvent.Validated(step, (int) (step / stepsPerEpoch), row[1], row[2], best));
    }
  }

  /** Takes one step, or says why there is none. */
  private Stop next(Workers workers, double secondsInThisRun) {
    if (state.restarts > RESTARTS) {
      return Stop.DIVERGED;
    }
    if (state.step >= totalSteps) {
      return Stop.COMPLETED;
    }
    boolean patient = config.patience() == 0 || state.sinceBest < config.patience();
    if (!patient) {
      return Stop.EARLY;
    }
    if (listener.interrupted()) {
      checkpoint();
      boolean kept = options.checkpoints() != Checkpoints.NONE;
      throw new ThalwegException(
          ExitCode.INTERRUPTED,
          "Interrupted at step %d of %d; %s."
              .formatted(
                  state.step,
                  totalSteps,
                  kept
                      ? "a checkpoint was kept"
                      : "nothing was kept, as no checkpoints were asked for"));
    }
    timeShare =
        options
            .timeLimit()
            .map(limit -> secondsInThisRun / (limit.getSeconds() + limit.getNano() * 1e-9))
            .orElse(0.0);
    if (timeShare > 1) {
      if (state.lossCount > 0) {
        validate(workers);
      }
      return Stop.TIME_LIMIT;
    }
    step(workers);
    boolean validated = state.step % validateEvery == 0 || state.step == totalSteps;
    if (validated) {
      validate(workers);
    }
    boolean due = state.seconds - secondsAtCheckpoint >= config.checkpointSeconds();
    if (due && (config.checkpointSeconds() > 0 || validated)) {
      checkpoint();
    }
    return null;
  }

  private void step(Workers workers) {
    int epoch = (int) (state.step / stepsPerEpoch);
    int[] batch = batch(epoch, (int) (state.step % stepsPerEpoch));
    int most = store.hasStatistics() ? 1 : Math.min(workers.count(), engine.shares());
    int shares = Math.max(1, Math.min(most, batch.length / LEAST_SHARE));
    var seed = options.seed().child("step").child(state.step);
    workers.map(
        shares,
        w -> {
          int from = (int) ((long) batch.length * w / shares);
          int to = (int) ((long) batch.length * (w + 1) / shares);
          var share = new Share(batch, from, to, epoch, state.step, totalSteps, seed.child(w));
          pieces.run(share, () -> descent.clear(w), piece -> add(w, piece));
          return w;
        });
    if (!engine.rounded()) {
      throw ThalwegException.usage(
          "--precision %s changes nothing here: no net of this model has products that are rounded."
              + " Use float32, or tf32.",
          engine.precision().name().toLowerCase(Locale.ROOT));
    }
    Descent.Batch total = descent.total(shares);
    double loss = total.loss();
    if (Double.isFinite(loss) && Double.isFinite(total.norm())) {
      descent.step(total, rate(), config.clipNorm());
      average.add();
      state.badSteps = 0;
      state.goodSteps++;
      state.lossSum += loss;
      state.lossCount++;
    } else {
      undo(Double.isFinite(loss) ? "the gradient" : "the loss");
    }
    state.step++;
    listener.on(new FitEvent.Stepped(state.step, epoch, loss));
  }

  /** Adds a piece's part of the batch's mean loss, and its gradient. */
  private void add(int worker, Share piece) {
    double weight = (double) piece.size() / piece.batch().length;
    try (Tape tape = engine.ofShare(worker).newTape(Tape.Mode.FIRST_ORDER)) {
      NDArray loss = objective.loss(tape, piece);
      tape.backward(loss);
      descent.add(worker, tape, loss, weight);
    }
  }

  /** Batches of equal size, up to one row, that together are all rows. */
  private int[] batch(int epoch, int index) {
    int rows = objective.trainingRows();
    if (orderEpoch != epoch) {
      order = Splitter.shuffled(rows, options.seed().child("shuffle").child(epoch));
      orderEpoch = epoch;
    }
    int from = (int) ((long) rows * index / stepsPerEpoch);
    int to = (int) ((long) rows * (index + 1) / stepsPerEpoch);
    return Arrays.copyOfRange(order, from, to);
  }

  private double rate() {
    double base = config.learningRate() * state.rateFactor;
    return config.schedule() == Training.Schedule.COSINE
        ? base * 0.5 * (1 + Math.cos(Math.PI * progress()))
        : base;
  }

  /**
   * How much of the schedule is over. Where the steps will clearly not be done in time, the clock
   * counts: a fit that a time limit ends has small steps at its end too. One that is done in time
   * takes the same steps as without a limit.
   */
  private double progress() {
    double ofSteps = (double) state.step / totalSteps;
    boolean late = timeShare > 0.1 && ofSteps < 0.9 * timeShare;
    return late ? Math.min(1, timeShare) : ofSteps;
  }

  /** The weights were not touched yet; only a series of such steps calls for other weights. */
  private void undo(String what) {
    state.badSteps++;
    if (state.badSteps < BAD_STEPS) {
      String action = what + " was not finite; the step was left out";
      listener.on(new FitEvent.RolledBack(state.step, action));
    } else {
      restart(what);
    }
  }

  private void restart(String what) {
    store.restore(state.best);
    average.restart();
    descent.reset();
    state.badSteps = 0;
    state.restarts++;
    state.rateFactor *= 0.5;
    String action = what + " was not finite; back to the best weights with half the step size";
    listener.on(new FitEvent.RolledBack(state.step, action));
  }

  private void validate(Workers workers) {
    double train = state.lossCount == 0 ? Double.NaN : -state.lossSum / state.lossCount;
    state.lossSum = 0;
    state.lossCount = 0;
    average.with(() -> judge(workers, train));
  }

  private void judge(Workers workers, double train) {
    refresh();
    if (objective.validationRows() == 0) {
      state.best = store.snapshot();
      state.bestStep = state.step;
      return;
    }
    double score = objective.validate(workers);
    if (!Double.isFinite(score)) {
      restart("the validation score");
      return;
    }
    boolean best = score > state.bestScore;
    if (best) {
      state.bestScore = score;
      state.bestStep = state.step;
      state.best = store.snapshot();
      state.sinceBest = 0;
    } else {
      state.sinceBest++;
      int half = config.patience() == 0 ? 10 : Math.max(1, config.patience() / 2);
      if (config.schedule() == Training.Schedule.PLATEAU && state.sinceBest % half == 0) {
        state.rateFactor *= 0.5;
      }
    }
    if (Double.isFinite(train)) {
      state.history.add(new double[] {state.step, train, score});
      int epoch = (int) (state.step / stepsPerEpoch);
      listener.on(new FitEvent.Validated(state.step, epoch, train, score, best));
    }
  }

  private void refresh() {
    if (store.hasStatistics()) {
      objective.refresh();
    }
  }

  private void finish(Stop stop) {
    // A short run ends before it could be restarted often enough to be given up.
    boolean unjudged = state.bestStep == 0 && !Double.isFinite(state.bestScore);
    if (state.step > 0 && (state.goodSteps == 0 || unjudged)) {
      String what =
          state.goodSteps == 0
              ? "in all of %d steps numbers stopped being finite".formatted(state.step)
              : "the score on validation rows was never finite, in %d steps".formatted(state.step);
      throw new ThalwegException(
          ExitCode.DIVERGED,
          "Training diverged before there was a good model: %s%s. Try a smaller learning-rate, and look for extreme values in the data."
              .formatted(what, state.restarts > 0 ? ", also with smaller steps" : ""));
    }
    store.restore(state.best);
    refresh();
    String reason =
        switch (stop) {
          case COMPLETED -> "all " + totalSteps + " steps were taken";
          case EARLY -> "no improvement in " + config.patience() + " validations";
          case TIME_LIMIT -> "the time limit was reached";
          case DIVERGED ->
              "training diverged; the best weights, of step %d, are kept".formatted(state.bestStep);
        };
    listener.on(new FitEvent.Finished(state.step, stop, reason));
  }

  private void checkpoint() {
    secondsAtCheckpoint = state.seconds;
    options
        .checkpoints()
        .save(
            card,
            writer -> {
              writer.value("threads", engine.parallelism());
              writer.value("shares", engine.shares());
              store.save(writer);
              descent.save(writer);
              average.save(writer);
              state.save(writer);
            });
  }

  private void resume(ModelReader reader) {
    CheckpointMatch.require(reader, card, engine.parallelism());
    CheckpointMatch.requireShares(reader, engine.shares());
    store.load(reader);
    descent.restore(reader);
    average.restore(reader);
    state.restore(reader);
  }
}
