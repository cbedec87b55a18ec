package org.thalweg.deconvolution;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.Checkpoints;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.train.CheckpointMatch;

/**
 * Fits mixtures: for each number of components some starts, the best of them to the end, and split
 * and merge; of all numbers the best. All that it remembers is in {@link XdState}, so a fit that
 * goes on from a checkpoint takes the same steps.
 */
final class XdSearch {
  private static final double SECONDS_BETWEEN_CHECKPOINTS = 10;

  private final XdGmmConfig config;
  private final NoisyRows rows;
  private final Em train;
  private final Optional<Em> validation;
  private final int validationRows;
  private final double[] validationWeights;
  private final FitOptions options;
  private final FitListener listener;
  private final ModelCard card;
  private final int threads;
  private final int[] sizes;
  private final XdState state;
  private long start;
  private double secondsAtCheckpoint;

  XdSearch(
      XdGmmConfig config,
      NoisyRows rows,
      Em train,
      Optional<Em> validation,
      double[] validationWeights,
      FitOptions options,
      FitListener listener,
      ModelCard card,
      int threads) {
    this.config = config;
    this.rows = rows;
    this.train = train;
    this.validation = validation;
    this.validationRows = validationWeights.length;
    this.validationWeights = validationWeights;
    this.options = options;
    this.listener = listener;
    this.card = card;
    this.threads = threads;
    this.sizes = sizes(config);
    this.state = new XdState();
  }

  private static int[] sizes(XdGmmConfig config) {
    return config.components() > 0
        ? new int[] {config.components()}
        : IntStream.iterate(1, k -> k <= config.mostComponents(), k -> 2 * k).toArray();
  }

  /** The best mixture, and how it came about. */
  XdState run() {
    options
        .checkpoints()
        .latest()
        .ifPresent(
            reader -> {
              CheckpointMatch.require(reader, card, threads);
              state.restore(reader);
            });
    replay();
    start = System.nanoTime();
    double before = state.seconds;
    FitEvent.Stop stop = FitEvent.Stop.COMPLETED;
    while (state.size < sizes.length && stop != FitEvent.Stop.TIME_LIMIT) {
      stop = step(before);
    }
    state.seconds = before + (System.nanoTime() - start) * 1e-9;
    if (state.best.isEmpty()) {
      state.best = Optional.of(state.current);
    }
    listener.on(
        new FitEvent.Finished(
            state.steps,
            stop,
            stop == FitEvent.Stop.TIME_LIMIT
                ? "the time limit was reached"
                : "%d of %d Gaussians have the highest score"
                    .formatted(state.best.orElseThrow().components(), sizes[sizes.length - 1])));
    return state;
  }

  /** Tells the listener what the run that this one resumes told its own. */
  private void replay() {
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < state.history.size(); i++) {
      double[] tried = state.history.get(i);
      listener.on(new FitEvent.Validated(state.steps, i, tried[1], tried[2], tried[3] > most));
      most = Math.max(most, tried[3]);
    }
  }

  /** Takes one step of whatever is due. */
  private FitEvent.Stop step(double before) {
    state.seconds = before + (System.nanoTime() - start) * 1e-9;
    if (listener.interrupted()) {
      checkpoint();
      throw new ThalwegException(
          ExitCode.INTERRUPTED,
          "Interrupted after %d steps; %s."
              .formatted(
                  state.steps,
                  options.checkpoints() == Checkpoints.NONE
                      ? "nothing was kept, as no checkpoints were asked for"
                      : "a checkpoint was kept"));
    }
    double limit = options.timeLimit().map(l -> l.getSeconds() + l.getNano() * 1e-9).orElse(1e300);
    if (state.seconds - before > limit && state.steps > 0) {
      finishSize();
      return FitEvent.Stop.TIME_LIMIT;
    }
    if (state.seconds - secondsAtCheckpoint > SECONDS_BETWEEN_CHECKPOINTS) {
      secondsAtCheckpoint = state.seconds;
      checkpoint();
    }
    if (state.iteration == 0 && state.stage < config.starts()) {
      Seed seed = options.seed().child("start").child(sizes[state.size]).child(state.stage);
      state.current = Starts.of(rows, sizes[state.size], seed);
    }
    advance();
    return FitEvent.Stop.COMPLETED;
  }

  private int trial() {
    return state.stage - config.starts();
  }

  private void advance() {
    boolean starting = state.stage < config.starts();
    double score = pass();
    state.iteration++;
    boolean over =
        starting
            ? state.iteration >= Math.max(1, config.startSteps())
            : state.iteration >= config.iterations() || converged(score);
    state.before = state.last;
    state.last = score;
    if (!over) {
      return;
    }
    if (score > state.bestOfSizeScore) {
      state.bestOfSizeScore = score;
      state.bestOfSize = Optional.of(state.current);
    }
    state.stage++;
    state.iteration = 0;
    state.before = Double.NEGATIVE_INFINITY;
    state.last = Double.NEGATIVE_INFINITY;
    if (state.stage == config.starts()) {
      // The best start is carried on; its score is not to stand in the way of its own.
      state.current = state.bestOfSize.orElseThrow();
      state.bestOfSizeScore = Double.NEGATIVE_INFINITY;
    } else if (state.stage > config.starts()) {
      boolean more = trial() <= config.splitAndMerge() && sizes[state.size] >= 3;
      if (more) {
        state.current =
            SplitAndMerge.trial(
                state.bestOfSize.orElseThrow(),
                trial() - 1,
                options.seed().child("split").child(sizes[state.size]).child(trial()));
      } else {
        finishSize();
        state.size++;
      }
    }
  }

  /** One pass over the rows; the penalised log-likelihood a row before it. */
  private double pass() {
    double score;
    if (config.variant() == XdGmmConfig.Variant.BATCH) {
      Statistics statistics = train.statistics(state.current);
      score = (statistics.logLikelihood + penalty(state.current)) / statistics.rows;
      state.current = statistics.maximised(state.current, config.ridge());
      state.steps++;
      listener.on(new FitEvent.Stepped(state.steps, state.iteration, -score));
    } else {
      Online online = new Online(train, config, options.seed());
      score = online.pass(state, listener);
    }
    if (!state.current.finite()) {
      throw new ThalwegException(
          ExitCode.DIVERGED,
          "The mixture's numbers stopped being finite after "
              + state.steps
              + " steps. Raise the ridge, or take fewer components.");
    }
    return score;
  }

  /** The logarithm of what the ridge multiplies the likelihood by, but for a constant. */
  private double penalty(Mixture mixture) {
    if (config.ridge() == 0) {
      return 0;
    }
    double sum = 0;
    for (int j = 0; j < mixture.components(); j++) {
      SmallMatrix.Eigen eigen = SmallMatrix.eigen(mixture.covariance(j), mixture.dimension());
      for (double value : eigen.values()) {
        sum -= 0.5 * config.ridge() * (Math.log(value) + 1 / value);
      }
    }
    return sum;
  }

  /**
   * Whether what is still to come is small: the gains of EM steps form a geometric series near the
   * end (Aitken's rule; McLachlan and Krishnan, 2008, section 4.9).
   */
  private boolean converged(double score) {
    double gain = score - state.last;
    double gainBefore = state.last - state.before;
    if (config.variant() == XdGmmConfig.Variant.ONLINE || !Double.isFinite(gainBefore)) {
      return false;
    }
    if (gain < 1e-13) {
      return true;
    }
    double rate = gain / gainBefore;
    return rate < 1 && gain * rate / (1 - rate) < config.tolerance();
  }

  private void finishSize() {
    Mixture mixture = state.bestOfSize.orElse(state.current);
    Statistics statistics = train.statistics(mixture);
    double fitted = statistics.logLikelihood / statistics.rows;
    double held = validation.map(em -> mean(em.logDensity(mixture, validationRows))).orElse(fitted);
    boolean bic = config.choose() == XdGmmConfig.Choose.BIC || validation.isEmpty();
    double score =
        bic
            ? fitted - 0.5 * mixture.freeParameters() * Math.log(statistics.rows) / statistics.rows
            : held;
    boolean best = score > state.bestScore;
    if (best) {
      state.bestScore = score;
      state.best = Optional.of(mixture);
    }
    state.history.add(new double[] {mixture.components(), fitted, held, score});
    listener.on(new FitEvent.Validated(state.steps, state.size, fitted, held, best));
    state.stage = 0;
    state.bestOfSize = Optional.empty();
    state.bestOfSizeScore = Double.NEGATIVE_INFINITY;
  }

  private double mean(double[] values) {
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += validationWeights[i] * values[i];
    }
    return sum / Arrays.stream(validationWeights).sum();
  }

  private void checkpoint() {
    options
        .checkpoints()
        .save(
            card,
            writer -> {
              writer.value("threads", threads);
              state.save(writer);
            });
  }
}
