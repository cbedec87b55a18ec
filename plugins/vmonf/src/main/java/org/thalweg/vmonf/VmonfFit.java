package org.thalweg.vmonf;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Kind;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Role;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Splitter;
import org.thalweg.toolkit.data.Standardiser;
import org.thalweg.toolkit.train.FitTable;
import org.thalweg.toolkit.train.ParameterStore;
import org.thalweg.toolkit.train.TrainingLoop;
import org.thalweg.toolkit.train.Workers;

/** One fit of a mixture: divide, standardise, train from each start, keep the best, judge, warn. */
final class VmonfFit {
  /** A component that is given less than this share of an equal part counts as unused. */
  private static final double UNUSED = 0.1;

  private static final int MOST_COUNTED = 20_000;

  private final String name;
  private final VmonfConfig config;
  private final EstimatorContext context;
  private final FitListener listener;

  VmonfFit(String name, VmonfConfig config, EstimatorContext context, FitListener listener) {
    this.name = name;
    this.config = config;
    this.context = context;
    this.listener = listener;
  }

  VmonfModel run(Dataset data, FitOptions options) {
    requireLabels(data);
    FitTable table = new FitTable(data, options);
    table.warnOfWholeNumbers(listener);
    table.warnOfNoValidation(listener, config.training());
    Dataset train = table.train();
    Standardiser standardiser = standardise(train);
    table.requireInside(standardiser);
    ModelCard card = table.card(name, config, context.engine());
    int[] teachers = teachers(train, standardiser, options.seed());
    Restarts restarts = new Restarts(options.checkpoints());
    int first = restarts.first();
    double seconds = 0;
    long steps = 0;
    for (int start = first; start < config.collapse().restarts(); start++) {
      Seed seed = start == 0 ? options.seed() : options.seed().child("start").child(start);
      Started started = new Started(data, standardiser, seed);
      VmonfObjective objective =
          new VmonfObjective(
              config,
              context.engine(),
              started.nets,
              standardiser,
              train,
              table.validation(),
              teachers,
              options.seed());
      objective.initialise();
      FitOptions own =
          options.withCheckpoints(
              restarts.of(
                  start,
                  start == first ? Restarts.Resumption.GOES_ON : Restarts.Resumption.AFRESH));
      TrainingLoop.Result result =
          new TrainingLoop(
                  context.engine(),
                  started.store,
                  config.training(),
                  objective,
                  own,
                  listener,
                  card)
              .run();
      seconds += result.seconds();
      steps += result.steps();
      restarts.offer(start, score(objective), started.store.snapshot());
    }
    Started best = new Started(data, standardiser, options.seed());
    best.store.restore(restarts.weights());
    ModelCard trained =
        card.withMetric("parameters", best.store.size())
            .withMetric("seconds", seconds)
            .withMetric("steps", steps)
            .withMetric("best_start", restarts.bestStart());
    refresh(best, standardiser, train, table.validation(), teachers, options.seed());
    VmonfModel model =
        new VmonfModel(trained, context.engine(), best.store, best.nets, standardiser);
    ModelCard judged =
        table.judged(
            used(trained, model, train, options.seed()),
            listener,
            (rows, noise) -> model.logDensity(model.densities().get(0), rows, noise).values());
    return model.with(judged);
  }

  /** The parts of one start. */
  private final class Started {
    private final ParameterStore store;
    private final VmonfNets nets;

    Started(Dataset data, Standardiser standardiser, Seed seed) {
      store = new ParameterStore(context.engine(), seed);
      nets = VmonfNets.build(config, data.schema(), store, context.registry());
    }
  }

  /** Statistics that parts keep of their input belong to the weights that were chosen. */
  private void refresh(
      Started best,
      Standardiser standardiser,
      Dataset train,
      Dataset validation,
      int[] teachers,
      Seed seed) {
    if (best.store.hasStatistics()) {
      new VmonfObjective(
              config, context.engine(), best.nets, standardiser, train, validation, teachers, seed)
          .refresh();
    }
  }

  private double score(VmonfObjective objective) {
    if (config.collapse().restarts() == 1) {
      return 0;
    }
    try (Workers workers = new Workers(context.engine().parallelism())) {
      return objective.validate(workers);
    }
  }

  private Standardiser standardise(Dataset train) {
    if (config.scaling() == VmonfConfig.Scaling.COLUMNS) {
      return Standardiser.fit(train);
    }
    return Standardiser.commonOf(train);
  }

  /** Labels number the components that they are of. */
  private void requireLabels(Dataset data) {
    Optional<int[]> labels = data.rows().labels();
    int most = labels.map(l -> Arrays.stream(l).max().orElse(-1)).orElse(-1);
    int least = labels.map(l -> Arrays.stream(l).min().orElse(-1)).orElse(-1);
    if (most >= config.components() || least < -1) {
      List<Column> columns = data.schema().with(Role.LABEL);
      String classes =
          columns.stream()
              .filter(c -> c.kind() instanceof Kind.Classes)
              .map(c -> "'" + c.name() + "' has the classes " + ((Kind.Classes) c.kind()).values())
              .findFirst()
              .orElse("classes go from " + least + " to " + most);
      throw ThalwegException.usage(
          "There are %d components, but %s. Each class needs a component: set components=%d or"
              + " more, or leave labels of other classes blank.",
          config.components(), classes, most + 1);
    }
  }

  /** What the first steps take for the components of rows. */
  private int[] teachers(Dataset train, Standardiser standardiser, Seed seed) {
    Optional<int[]> labels = train.rows().labels();
    if (labels.isPresent() && Arrays.stream(labels.get()).anyMatch(label -> label >= 0)) {
      return labels.get();
    }
    if (config.supervision().start() == Supervision.Start.K_MEANS
        && config.supervision().pretraining() > 0) {
      Matrix x = train.rows().features();
      Matrix z = new Matrix(x.rows(), x.columns(), standardiser.features(x));
      return new KMeans(z, config.components()).clusters(seed.child("k-means"));
    }
    return IntStream.range(0, train.size()).map(i -> -1).toArray();
  }

  /** The share of rows that each component is given; those with next to none are named. */
  private ModelCard used(ModelCard card, VmonfModel model, Dataset train, Seed seed) {
    int[] some =
        Arrays.stream(Splitter.shuffled(train.size(), seed.child("judged")))
            .limit(MOST_COUNTED)
            .toArray();
    Matrix q = model.probabilities(train.rows().select(some));
    double[] shares = new double[q.columns()];
    for (int i = 0; i < q.values().length; i++) {
      shares[i % shares.length] += q.values()[i] / q.rows();
    }
    ModelCard out = card;
    for (int c = 0; c < shares.length; c++) {
      out = out.withMetric("component_share." + c, shares[c]);
    }
    int[] unused =
        IntStream.range(0, shares.length).filter(c -> shares[c] < UNUSED / shares.length).toArray();
    if (unused.length > 0) {
      String which =
          Arrays.stream(unused)
              .mapToObj(c -> String.format(Locale.ROOT, "%d (%.3f %%)", c, 100 * shares[c]))
              .collect(Collectors.joining(", "));
      listener.on(
          new FitEvent.Warned(
              "Of %d components, these are given next to no row: %s. That is as it should be where there are fewer clusters; else try restarts, entropy, a higher temperature, or smaller flows."
                  .formatted(shares.length, which)));
    }
    return out.withMetric("unused_components", unused.length);
  }
}
