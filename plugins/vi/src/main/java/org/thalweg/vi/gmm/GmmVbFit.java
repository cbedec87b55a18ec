package org.thalweg.vi.gmm;

import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Rows;
import org.thalweg.api.data.Tensor;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Dequantiser;
import org.thalweg.toolkit.data.Standardiser;
import org.thalweg.toolkit.train.FitTable;
import org.thalweg.toolkit.train.Workers;

/**
 * One fit: starts from random rows, each ascended until the bound no longer rises; the best one is
 * pruned and ascended once more.
 */
final class GmmVbFit {
  /** Components of fewer rows than this are ones that the prior alone speaks for. */
  private static final double FEWEST_ROWS = 1;

  private static final long SAVE_NANOS = 10_000_000_000L;

  private final GmmVbConfig config;
  private final Engine engine;
  private final FitOptions options;
  private final FitListener listener;
  private final FitTable table;
  private final ModelCard card;
  private final int dimension;
  private final double concentration;
  private final GaussWishart prior;
  private final long start = System.nanoTime();
  private long saved = start;

  /** Starts that are done; one more than {@code restarts} when the best one is being pruned. */
  private int done;

  private long steps;
  private double earlierSeconds;
  private Optional<MixturePosterior> best = Optional.empty();
  private double bestBound = Double.NEGATIVE_INFINITY;
  private Optional<MixturePosterior> current = Optional.empty();

  GmmVbFit(
      String name,
      GmmVbConfig config,
      Engine engine,
      Dataset data,
      FitOptions options,
      FitListener listener) {
    if (!data.schema().contexts().isEmpty()) {
      throw ThalwegException.usage(
          "Estimator '%s' takes no context columns; leave '%s' out.",
          name, data.schema().contexts().get(0).name());
    }
    this.config = config;
    this.engine = engine;
    this.options = options;
    this.listener = listener;
    this.table = new FitTable(data, options);
    this.card = table.card(name, config, engine);
    this.dimension = data.schema().features().size();
    this.concentration =
        config.concentration() > 0 ? config.concentration() : 1.0 / config.components();
    this.prior = GaussWishart.prior(config, dimension);
  }

  GmmVbModel run() {
    table.warnOfWholeNumbers(listener);
    Dataset train = table.train();
    Standardiser standardiser = Standardiser.fit(train);
    table.requireInside(standardiser);
    Seed seed = options.seed();
    Rows spread = Dequantiser.apply(train.rows(), train.schema(), seed.child("dequantise"));
    if (config.components() > train.size()) {
      throw ThalwegException.usage(
          "%d components cannot start from %d training rows: take fewer.",
          config.components(), train.size());
    }
    Workers workers = new Workers(engine.parallelism());
    try {
      Rounds rounds = new Rounds(standardiser.features(spread.features()), dimension, workers);
      options.checkpoints().latest().ifPresent(this::resume);
      listener.on(new FitEvent.Started(train.size(), table.validation().size(), parameters(), 0));
      FitEvent.Stop stop = search(rounds, seed);
      String why =
          stop == FitEvent.Stop.TIME_LIMIT ? "the time limit" : "the bound no longer rises";
      listener.on(new FitEvent.Finished(steps, stop, why));
      MixturePosterior found = best.or(() -> current).orElseThrow();
      ModelCard fitted =
          card.withMetric("components", found.size())
              .withMetric("lower_bound", bestBound)
              .withMetric("steps", steps)
              .withMetric("seconds", seconds());
      GmmVbModel model = new GmmVbModel(fitted, found, standardiser, workers);
      return model.with(
          table.judged(
              fitted,
              listener,
              (rows, noise) -> model.logDensity(model.densities().get(0), rows, noise).values()));
    } catch (RuntimeException | Error e) {
      workers.close();
      throw e;
    }
  }

  private FitEvent.Stop search(Rounds rounds, Seed seed) {
    while (done < config.restarts()) {
      MixturePosterior from =
          current.orElseGet(() -> begin(rounds, seed.child("start").child(done)));
      Ascent ascent = new Ascent(rounds, concentration, prior, from);
      boolean whole = ascend(ascent);
      if (ascent.bound() > bestBound) {
        best = Optional.of(ascent.posterior());
        bestBound = ascent.bound();
      }
      if (!whole) {
        return FitEvent.Stop.TIME_LIMIT;
      }
      current = Optional.empty();
      done++;
    }
    MixturePosterior few =
        current.orElseGet(() -> best.orElseThrow().pruned(concentration, FEWEST_ROWS));
    Ascent ascent = new Ascent(rounds, concentration, prior, few);
    boolean whole = ascend(ascent);
    best = Optional.of(ascent.posterior());
    bestBound = ascent.bound();
    return whole ? FitEvent.Stop.COMPLETED : FitEvent.Stop.TIME_LIMIT;
  }

  /** Until the bound rises no more; false where the time is up before. */
  private boolean ascend(Ascent ascent) {
    for (int i = 0; i < config.iterations(); i++) {
      current = Optional.of(ascent.posterior());
      if (listener.interrupted()) {
        checkpoint();
        throw new ThalwegException(
            ExitCode.INTERRUPTED, "Interrupted after %d steps.".formatted(steps));
      }
      if (options.timeLimit().filter(limit -> seconds() * 1e9 > limit.toNanos()).isPresent()) {
        return false;
      }
      if (System.nanoTime() - saved > SAVE_NANOS) {
        checkpoint();
      }
      double rise = ascent.step();
      steps++;
      listener.on(
          new FitEvent.Stepped(steps, done, -ascent.bound() / card.metrics().get("train_rows")));
      if (rise < config.tolerance() * card.metrics().get("train_rows")) {
        return true;
      }
    }
    return true;
  }

  /** Centres are rows, each far from those before (Arthur and Vassilvitskii, k-means++, 2007). */
  private MixturePosterior begin(Rounds rounds, Seed seed) {
    SplittableRandom random = seed.generator();
    int[] centres = new int[config.components()];
    centres[0] = random.nextInt(rounds.rows());
    double[] nearest = new double[rounds.rows()];
    Arrays.fill(nearest, Double.POSITIVE_INFINITY);
    for (int k = 1; k < centres.length; k++) {
      double total = 0;
      for (int n = 0; n < nearest.length; n++) {
        nearest[n] = Math.min(nearest[n], rounds.squaredDistance(n, centres[k - 1]));
        total += nearest[n];
      }
      double u = random.nextDouble() * total;
      int n = 0;
      while (n < nearest.length - 1 && u >= nearest[n]) {
        u -= nearest[n];
        n++;
      }
      centres[k] = n;
    }
    return MixturePosterior.of(rounds.nearest(centres), concentration, prior);
  }

  private double seconds() {
    return earlierSeconds + (System.nanoTime() - start) * 1e-9;
  }

  private long parameters() {
    long k = config.components();
    long d = dimension;
    return k * (3 + d + d * (d + 1) / 2);
  }

  private void checkpoint() {
    saved = System.nanoTime();
    options
        .checkpoints()
        .save(
            card,
            writer -> {
              writer.tensor(
                  "search", Tensor.of(new double[] {done, steps, seconds(), bestBound}, 4));
              best.ifPresent(q -> q.save(writer, "best"));
              current.ifPresent(q -> q.save(writer, "current"));
            });
  }

  private void resume(ModelReader reader) {
    ModelCard then = reader.card();
    if (!then.equals(card)) {
      throw ThalwegException.usage(
          "The checkpoint is of another fit: with other options, seed, engine or rows. Use the same, "
              + "or start afresh without --resume.");
    }
    double[] search = reader.tensor("search").toDoubles();
    done = (int) search[0];
    steps = (long) search[1];
    earlierSeconds = search[2];
    bestBound = search[3];
    best = stored(reader, "best");
    current = stored(reader, "current");
  }

  private Optional<MixturePosterior> stored(ModelReader reader, String which) {
    return reader.tensorNames().contains(which + ".alpha")
        ? Optional.of(MixturePosterior.load(reader, which, dimension))
        : Optional.empty();
  }
}
