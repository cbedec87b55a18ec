package org.thalweg.bench;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.estimator.Estimator;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.Sampler;
import org.thalweg.api.estimator.Split;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.random.Seed;
import org.thalweg.bench.gpu.Launches;
import org.thalweg.toolkit.config.ConfigBinder;
import org.thalweg.toolkit.data.Splitter;

/** One job, done as a user does it: an estimator by name, its options, its model. */
final class Session {
  private static final long ENDLESS = 1_000_000_000_000L;
  private static final Split VALIDATED = new Split(0.9, 0.1, 0);

  private final Job job;
  private final Registry registry;
  private final Engine engine;
  private final Dataset train;
  private final List<Rows> test;
  private final Rows allTest;
  private Model model;
  private PausedFit paused;
  private long calls;

  Session(Job job) throws IOException {
    this.job = job;
    registry = Installed.registry();
    engine = Engines.open(job.engine(), EngineOptions.threads(job.threads()));
    train = Dataset.of(job.rows(0, job.trainRows()));
    allTest = Rows.of(job.rows(job.trainRows(), job.trainRows() + job.testRows()));
    test = new ArrayList<>();
    for (int from = 0; from + job.batch() <= allTest.size(); from += job.batch()) {
      test.add(allTest.slice(from, from + job.batch()));
    }
  }

  /** A whole fit; its model is what is scored and drawn from. */
  Map<String, Object> fit(int steps) {
    Map<String, Object> out = new LinkedHashMap<>();
    double[] losses = new double[steps];
    long start = System.nanoTime();
    model =
        fit(
            steps,
            event -> {
              if (event instanceof FitEvent.Started started) {
                out.put("parameters", started.parameters());
              } else if (event instanceof FitEvent.Stepped stepped) {
                int step = (int) stepped.step();
                losses[step - 1] = stepped.loss();
                if (step == 1) {
                  out.put("first_step_seconds", seconds(start));
                }
                if (step == steps) {
                  out.put("seconds", seconds(start));
                }
              }
            });
    int last = Math.max(1, steps / 10);
    out.put("loss", Arrays.stream(losses).skip(steps - last).average().orElseThrow());
    out.put("test_log_density", Arrays.stream(score(allTest)).average().orElseThrow());
    return out;
  }

  /** Some steps of a fit that goes on from where the last ones stopped. */
  Map<String, Object> train(int steps) {
    if (paused == null) {
      paused = new PausedFit(listener -> fit(ENDLESS, listener));
    }
    long start = System.nanoTime();
    double loss = paused.steps(steps);
    settle();
    return Map.of("seconds", seconds(start), "loss", loss);
  }

  /** The operations of one step, as a device is asked for them. */
  Map<String, Object> operations() {
    return Map.of("operations", Launches.ofStep(engine, watch -> fit(ENDLESS, watch).close()));
  }

  /** Waits for what the device still has to do: a number is read back after it. */
  private void settle() {
    if (!engine.hostViews()) {
      try (NDManager manager = engine.newManager()) {
        manager.zeros(new Shape(1)).toFloatArray();
      }
    }
  }

  /** Which of the training rows {@link #estimate} keeps for validation. */
  int[] validationRows() {
    return Splitter.split(train, VALIDATED, new Seed(job.seed())).validation();
  }

  /** A whole fit with early stopping; the log-densities of the test rows go to a file. */
  Map<String, Object> estimate(WholeFit fit) throws IOException {
    FitOptions options =
        FitOptions.seed(job.seed()).withSplit(VALIDATED).withTimeLimit(fit.limit());
    long start = System.nanoTime();
    model =
        estimator(registry.estimator(job.estimator()), job.options(fit))
            .fit(train, options, FitListener.SILENT);
    double seconds = seconds(start);
    double[] values = score(allTest);
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asDoubleBuffer().put(values);
    Files.write(fit.out(), bytes.array());
    Map<String, Double> metrics = model.card().metrics();
    return Map.of(
        "parameters", metrics.get("parameters"),
        "steps", metrics.get("steps"),
        "seconds", seconds,
        "validation", metrics.get("validation_log_density"));
  }

  /** Scores batches of rows that were not trained on. */
  Map<String, Object> score(int batches) {
    double sum = 0;
    long start = System.nanoTime();
    for (int i = 0; i < batches; i++) {
      sum += score(test.get((int) (calls++ % test.size())))[0];
    }
    return Map.of("seconds", seconds(start), "check", sum);
  }

  /** Draws batches of rows. */
  Map<String, Object> sample(int batches) {
    Sampler sampler = (Sampler) model;
    Matrix none = Matrix.zeros(1, 0);
    double sum = 0;
    long start = System.nanoTime();
    for (int i = 0; i < batches; i++) {
      sum += sampler.sample(job.batch(), none, new Seed(job.seed()).child(calls++)).get(0, 0);
    }
    return Map.of("seconds", seconds(start), "check", sum);
  }

  private double[] score(Rows rows) {
    LogDensity density = (LogDensity) model;
    return density.logDensity(density.densities().get(0), rows, new Seed(job.seed())).values();
  }

  private Model fit(long steps, FitListener listener) {
    FitOptions options = FitOptions.seed(job.seed()).withSplit(new Split(1, 0, 0));
    return estimator(registry.estimator(job.estimator()), job.options(steps))
        .fit(train, options, listener);
  }

  private <C extends Record> Estimator estimator(
      EstimatorProvider<C> provider, Map<String, Object> given) {
    C config = ConfigBinder.bind(provider.defaults(), given);
    return provider.create(config, new EstimatorContext(engine, registry));
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) * 1e-9;
  }
}
