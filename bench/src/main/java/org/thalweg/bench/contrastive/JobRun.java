package org.thalweg.bench.contrastive;

import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.estimator.Checkpoints;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.inference.InferenceOptions;
import org.thalweg.api.inference.InferenceProvider;
import org.thalweg.api.inference.Posterior;
import org.thalweg.api.inference.SimulationTable;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.random.Seed;
import org.thalweg.sbi.metric.Mmd;
import org.thalweg.sbi.metric.PosteriorMetrics;
import org.thalweg.toolkit.config.ConfigBinder;

/** Runs one job; a row for what each round simulated, and one for the posterior at the end. */
final class JobRun {
  static final String HEAD =
      "task,method,atoms,variant,seed,rounds,round,median_distance,negative_log_probability,mmd2,"
          + "acceptance,r_hat,seconds";
  private static final int PER_ROUND = 1000;

  private final Job job;
  private final Registry registry;
  private final int rounds;

  JobRun(Job job, Registry registry, int rounds) {
    this.job = job;
    this.registry = registry;
    this.rounds = rounds;
  }

  List<String> rows() {
    Question question = Question.of(job.task(), registry);
    List<String> out = new ArrayList<>();
    try (Engine engine = Engines.open("cpu", new EngineOptions(1, DataType.FLOAT32))) {
      long start = System.nanoTime();
      var how =
          new InferenceOptions(
              new Seed(job.seed()), rounds, rounds * PER_ROUND, Optional.empty(), Checkpoints.NONE);
      var context = new EstimatorContext(engine, registry);
      try (Posterior posterior =
          infer(registry.method(job.method()), job.options(), context, question, how)) {
        Matrix last = posterior.sample(PER_ROUND, new Seed(job.seed()).child("final"));
        double seconds = (System.nanoTime() - start) * 1e-9;
        Map<String, Double> figures = posterior.diagnostics().figures();
        SimulationTable table = posterior.simulations().orElseThrow();
        for (int round = 1; round <= rounds; round++) {
          int r = round;
          int[] rows =
              IntStream.range(0, table.rounds().length)
                  .filter(i -> table.rounds()[i] == r)
                  .toArray();
          String suffix = "_before_round_" + round;
          out.add(
              row(
                  question,
                  round,
                  table.parameters().select(rows),
                  table.data().select(rows),
                  figures.getOrDefault("acceptance" + suffix, Double.NaN),
                  figures.getOrDefault("r_hat" + suffix, Double.NaN),
                  Double.NaN));
        }
        Matrix predicted = predicted(question, last);
        out.add(
            row(
                question,
                rounds + 1,
                last,
                predicted,
                figures.getOrDefault("acceptance", Double.NaN),
                figures.getOrDefault("r_hat", Double.NaN),
                seconds));
      }
    }
    return out;
  }

  /** One simulation of each draw; those that fail are left out. */
  private Matrix predicted(Question question, Matrix draws) {
    List<double[]> out = new ArrayList<>();
    for (int i = 0; i < draws.rows(); i++) {
      Seed seed = new Seed(job.seed()).child("predict").child(i);
      double[] x = question.problem().simulator().simulate(draws.row(i), seed);
      if (java.util.Arrays.stream(x).allMatch(Double::isFinite)) {
        out.add(x);
      }
    }
    return Matrix.of(out.toArray(double[][]::new));
  }

  private String row(
      Question question,
      int round,
      Matrix parameters,
      Matrix data,
      double acceptance,
      double rHat,
      double seconds) {
    double[] observation = question.problem().observation().row(0);
    double mmd =
        question.exact().map(exact -> Mmd.ofPooledBandwidth(exact, parameters)).orElse(Double.NaN);
    return String.format(
        Locale.ROOT,
        "%s,%d,%d,%s,%s,%s,%s,%s,%s",
        job.key(),
        rounds,
        round,
        number(PosteriorMetrics.medianDistance(data, observation)),
        number(PosteriorMetrics.negativeLogProbability(parameters, question.truth())),
        number(mmd),
        number(acceptance),
        number(rHat),
        number(seconds));
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.6g", value);
  }

  private static <C extends Record> Posterior infer(
      InferenceProvider<C> method,
      Map<String, Object> options,
      EstimatorContext context,
      Question question,
      InferenceOptions how) {
    return method
        .create(ConfigBinder.bind(method.defaults(), options), context)
        .infer(question.problem(), how, event -> {});
  }
}
