package org.thalweg.aem;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Dequantiser;
import org.thalweg.toolkit.data.Standardiser;
import org.thalweg.toolkit.train.FitTable;
import org.thalweg.toolkit.train.ParameterStore;
import org.thalweg.toolkit.train.TrainingLoop;
import org.thalweg.toolkit.train.Workers;

/** One fit of an energy machine: divide, standardise, train, choose the kernel, judge, warn. */
final class AemFit {
  /** Energies that one part of the table may cost to judge: seconds of the default nets. */
  private static final long MOST_ENERGIES = 4_000_000;

  private static final int FEWEST_JUDGED = 200;

  private static final int DIAGNOSED_ROWS = 200;
  private static final int FEW = 20;
  private static final int MANY = 200;

  /**
   * Where the estimate hangs on so few of its samples, or changes so much with more, it flatters.
   */
  private static final double LEAST_SHARE = 0.1;

  private static final double MOST_GAP = 0.1;

  private final String name;
  private final AemConfig config;
  private final Engine engine;
  private final FitListener listener;

  AemFit(String name, AemConfig config, Engine engine, FitListener listener) {
    this.name = name;
    this.config = config;
    this.engine = engine;
    this.listener = listener;
  }

  AemModel run(Dataset data, FitOptions options) {
    FitTable table = new FitTable(data, options);
    table.warnOfNoValidation(listener, config.training());
    table.warnOfWholeNumbers(listener);
    Seed seed = options.seed();
    Dataset train = table.train();
    Dataset validation = table.validation();
    Standardiser standardiser = Standardiser.fit(train);
    table.requireInside(standardiser);
    ParameterStore store = new ParameterStore(engine, seed);
    AemNets nets =
        AemNets.build(
            config, data.schema().features().size(), data.schema().contexts().size(), store);
    nets.range().write(range(data, train, standardiser));
    AemScoring scoring = new AemScoring(engine, nets, standardiser);
    AemObjective objective =
        new AemObjective(config, nets, scoring, standardiser, train, validation, seed);
    ModelCard card = table.card(name, config, engine);
    TrainingLoop.Result result =
        new TrainingLoop(engine, store, config.training(), objective, options, listener, card)
            .run();
    ModelCard trained =
        card.withMetric("parameters", store.size())
            .withMetric("seconds", result.seconds())
            .withMetric("steps", result.steps());
    Rows held = validation.size() > 0 ? validation.rows() : train.rows();
    Rows diagnosed = some(Dequantiser.apply(held, data.schema(), seed.child("diagnose")));
    try (Workers workers = new Workers(engine.parallelism())) {
      Kernel kernel =
          KernelChoice.by(
              scoring,
              validation.size() > 0 ? diagnosed : held.slice(0, 0),
              config.kernels(),
              seed,
              workers);
      AemModel model = new AemModel(trained, engine, store, nets, standardiser, kernel);
      ModelCard judged =
          table.judged(
              diagnose(trained, scoring, diagnosed, workers),
              listener,
              (rows, noise) -> model.logDensity(model.densities().get(0), rows, noise).values(),
              judged(nets.dimension()));
      return model.with(judged);
    }
  }

  /** The rows of each part that are judged. */
  private int judged(int columns) {
    long each = (long) columns * config.scoringSamples();
    return (int) Math.max(FEWEST_JUDGED, Math.min(20_000, MOST_ENERGIES / each));
  }

  private static Rows some(Rows rows) {
    return rows.slice(0, Math.min(DIAGNOSED_ROWS, rows.size()));
  }

  /** The ends of each column in standardised units: the box, or the training rows' range. */
  private double[] range(Dataset data, Dataset train, Standardiser standardiser) {
    ProposalConfig sampler = config.sampler();
    boolean box = sampler.proposal() == ProposalConfig.Family.BOX;
    int d = data.schema().features().size();
    double[] out = new double[2 * d];
    if (box && sampler.low() != sampler.high()) {
      requireBox(data, sampler);
      Matrix ends = Matrix.zeros(2, d);
      Arrays.fill(ends.values(), 0, d, sampler.low());
      Arrays.fill(ends.values(), d, 2 * d, sampler.high());
      double[] standardised = standardiser.features(ends);
      for (int j = 0; j < d; j++) {
        out[2 * j] = standardised[j];
        out[2 * j + 1] = standardised[d + j];
      }
      return out;
    }
    // A box is a support: rows of validation and test lie in it too.
    Rows rows = box ? data.rows() : train.rows();
    double[] z = standardiser.features(rows.features());
    for (int j = 0; j < d; j++) {
      int column = j;
      var summary =
          IntStream.range(0, rows.size()).mapToDouble(i -> z[i * d + column]).summaryStatistics();
      // Rounded columns are spread by up to half a step, and single precision rounds.
      double margin = 1e-3 * (summary.getMax() - summary.getMin()) + step(data, standardiser, j);
      out[2 * j] = summary.getMin() - margin;
      out[2 * j + 1] = summary.getMax() + margin;
    }
    return out;
  }

  private static double step(Dataset data, Standardiser standardiser, int column) {
    Column of = data.schema().features().get(column);
    if (Dequantiser.step(of).isEmpty()) {
      return 0;
    }
    int d = data.schema().features().size();
    Matrix two = Matrix.of(data.rows().features().row(0), data.rows().features().row(0));
    two.values()[d + column] += Dequantiser.step(of).getAsDouble();
    double[] z = standardiser.features(two);
    double width = Math.abs(z[d + column] - z[column]);
    return Double.isFinite(width) ? width : 0;
  }

  private static void requireBox(Dataset data, ProposalConfig sampler) {
    if (!(sampler.low() < sampler.high())) {
      throw ThalwegException.usage(
          "The box needs low < high, got low = %s and high = %s.", sampler.low(), sampler.high());
    }
    Matrix x = data.rows().features();
    for (int i = 0; i < x.rows(); i++) {
      for (int j = 0; j < x.columns(); j++) {
        if (x.get(i, j) < sampler.low() || x.get(i, j) > sampler.high()) {
          throw ThalwegException.usage(
              "Usable row %d has %s = %s, outside the proposal's box %s to %s: importance samples"
                  + " would never be drawn there. Widen the box, or take proposal = mixture.",
              i + 1,
              data.schema().features().get(j).name(),
              x.get(i, j),
              sampler.low(),
              sampler.high());
        }
      }
    }
  }

  /** How far the estimate can be trusted: effective samples, and what ten times as many change. */
  private ModelCard diagnose(ModelCard card, AemScoring scoring, Rows rows, Workers workers) {
    Seed seed = new Seed(card.seed()).child("diagnose");
    var many = scoring.estimate(rows, MANY, seed, workers);
    var few = scoring.estimate(rows, FEW, seed, workers);
    int d = rows.features().columns();
    ModelCard out = card;
    double least = 1;
    int worst = 0;
    for (int j = 0; j < d; j++) {
      int column = j;
      double share =
          IntStream.range(0, rows.size())
              .mapToDouble(i -> many.effective()[i * d + column] / MANY)
              .average()
              .orElse(1);
      out =
          out.withMetric("effective_sample_share." + card.schema().features().get(j).name(), share);
      if (share < least) {
        least = share;
        worst = j;
      }
    }
    double gap = mean(few.values()) - mean(many.values());
    out = out.withMetric("estimate_gap_20_200", gap);
    if (least < LEAST_SHARE) {
      warn(
          "Only %.0f %% of the importance samples of column '%s' count: its proposal misses where the"
              + " energy puts mass, and log-densities are flattering. Train the proposal longer"
              + " (warm-up), give it more components, or defend it (defensive=0.1).",
          100 * least, card.schema().features().get(worst).name());
    }
    if (gap > MOST_GAP) {
      warn(
          "The mean log-density falls by %.2f nats from %d to %d importance samples: do not trust"
              + " estimates with few samples, and compare 'estimate:20000' with 'exact'.",
          gap, FEW, MANY);
    }
    return out;
  }

  private void warn(String format, Object... arguments) {
    listener.on(new FitEvent.Warned(String.format(format, arguments)));
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(0);
  }
}
