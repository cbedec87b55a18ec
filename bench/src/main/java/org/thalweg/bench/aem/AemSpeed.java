package org.thalweg.bench.aem;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.thalweg.aem.AemConfig;
import org.thalweg.aem.AemProvider;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.Split;
import org.thalweg.api.random.Seed;
import org.thalweg.bench.CpuClock;
import org.thalweg.bench.Installed;
import org.thalweg.toolkit.config.ConfigBinder;

/**
 * Processor seconds a training step and a scored row, of the same work as {@code
 * peers/aem_reference.py}, and under the same options: {@code AemSpeed [key=value]...}. One JSON
 * object.
 */
public final class AemSpeed {
  private AemSpeed() {}

  /** Measures. */
  public static void main(String[] arguments) {
    Map<String, String> asked = new TreeMap<>();
    for (String argument : arguments) {
      asked.put(
          argument.substring(0, argument.indexOf('=')),
          argument.substring(argument.indexOf('=') + 1));
    }
    int columns = Integer.parseInt(asked.getOrDefault("columns", "2"));
    int batch = Integer.parseInt(asked.getOrDefault("batch", "256"));
    int threads = Integer.parseInt(asked.getOrDefault("threads", "1"));
    int scoreRows = Integer.parseInt(asked.getOrDefault("score-rows", "64"));
    int samples = Integer.parseInt(asked.getOrDefault("score-samples", "1000"));
    double seconds = Double.parseDouble(asked.getOrDefault("seconds", "10"));
    asked
        .keySet()
        .removeAll(
            List.of("columns", "batch", "threads", "score-rows", "score-samples", "seconds"));
    Map<String, Object> options = new TreeMap<>(paper());
    options.putAll(asked);
    options.put("batch-size", batch);
    options.put("steps", Steps.LAST);
    AemConfig config = ConfigBinder.bind(new AemProvider().defaults(), options);
    SplittableRandom random = new SplittableRandom(1);
    Matrix table = Matrix.zeros(40 * batch, columns);
    for (int i = 0; i < table.values().length; i++) {
      table.values()[i] = random.nextGaussian();
    }
    try (Engine engine = Engines.open("cpu", EngineOptions.threads(threads))) {
      Steps steps = new Steps();
      AemProvider provider = new AemProvider();
      Model model =
          provider
              .create(config, new EstimatorContext(engine, Installed.registry()))
              .fit(Dataset.of(table), FitOptions.seed(1).withSplit(new Split(1, 0, 0)), steps);
      LogDensity density = model.as(LogDensity.class);
      Rows rows = Rows.of(table.slice(0, scoreRows));
      LogDensity.Named named = density.density("estimate:" + samples);
      List<Double> scores = new ArrayList<>();
      long end = System.nanoTime() + (long) (1e9 * seconds);
      while (scores.size() < 7 || System.nanoTime() < end) {
        double start = CpuClock.seconds();
        density.logDensity(named, rows, new Seed(1));
        scores.add(CpuClock.seconds() - start);
      }
      System.out.printf(
          Locale.ROOT,
          "{\"parameters\": %.0f, \"step_seconds\": %.6f, \"score_seconds_a_row\": %.6f}%n",
          model.card().metrics().get("parameters"),
          steps.mean(),
          median(scores.subList(2, scores.size())) / scoreRows);
      model.close();
    }
  }

  /** The nets of the paper's sets of the plane; every step is one at the full objective. */
  private static Map<String, Object> paper() {
    return Map.ofEntries(
        Map.entry("hidden", 256),
        Map.entry("blocks", 4),
        Map.entry("energy-hidden", 128),
        Map.entry("energy-blocks", 4),
        Map.entry("code-size", 64),
        Map.entry("components", 10),
        Map.entry("samples", 20),
        Map.entry("warm-up", 0),
        Map.entry("epochs", 1_000_000),
        Map.entry("clip-norm", 0),
        Map.entry("patience", 0),
        Map.entry("scoring-samples", 2),
        Map.entry("kernels", 2),
        Map.entry("validate-every", 1_000_000),
        Map.entry("checkpoint-seconds", 1_000_000));
  }

  private static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }

  /** Processor seconds a step, once the compiler is done with most of it. */
  private static final class Steps implements FitListener {
    static final int FIRST = 50;
    static final int LAST = 150;
    private double start;
    private double end;

    @Override
    public void on(FitEvent event) {
      if (event instanceof FitEvent.Stepped stepped && stepped.step() == FIRST) {
        start = CpuClock.seconds();
      } else if (event instanceof FitEvent.Stepped stepped && stepped.step() == LAST) {
        end = CpuClock.seconds();
      }
    }

    double mean() {
      return (end - start) / (LAST - FIRST);
    }
  }
}
