package org.thalweg.diffusion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
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
import org.thalweg.api.estimator.Split;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.config.ConfigBinder;

/** Trained diffusions of eight Gaussians on a circle, whose density is known. */
@Tag("acceptance")
class RingAcceptanceTest {
  private static final int TRAIN_ROWS = 200_000;
  private static final int TEST_ROWS = 2000;

  private static final MixtureVelocity RING = MixtureVelocity.ring();

  private record Outcome(double ode, double bound, double error, double lossVariance) {}

  @BeforeAll
  static void writeHead() throws IOException {
    Files.writeString(
        page(),
        """
        # Eight Gaussians on a circle: trained diffusions

        200,000 training rows, 2,000 fresh test rows, batches of 512, VP from time 1e-5; three
        hidden layers of 128. Gaps are the true mean log-density of the test rows minus the model's, in nats,
        paired by row, ± one standard error. The variance is that of the batch's loss over the last
        quarter of the steps: in nats squared for importance and likelihood, in other units for original.

        | weighting | steps | seed | gap of `ode` | gap of `sde-bound` | variance of the loss | seconds |
        | --- | ---: | ---: | ---: | ---: | ---: | ---: |
        """);
  }

  private static Path page() {
    return Path.of(System.getProperty("thalweg.checkout"))
        .resolve("docs/results/diffusion-ring.md");
  }

  private static Outcome train(String weighting, int steps, long seed) throws IOException {
    Map<String, Object> options = new HashMap<>();
    options.put("weighting", weighting);
    options.put("blocks", 1);
    options.put("batch-size", 512);
    options.put("epochs", 1000);
    options.put("steps", steps);
    options.put("patience", 0);
    options.put("clip-norm", weighting.equals("original") ? 1 : 20);
    options.put("validate-every", 1000);
    options.put("times", 200);
    options.put("judged", 10);
    DiffusionConfig config = ConfigBinder.bind(DiffusionConfig.DEFAULT, options);
    List<Double> losses = new ArrayList<>();
    FitListener listener =
        event -> {
          if (event instanceof FitEvent.Stepped stepped && stepped.step() > 3L * steps / 4) {
            losses.add(stepped.loss());
          }
        };
    Matrix train = new Matrix(TRAIN_ROWS, 2, RING.sample(TRAIN_ROWS, 100 + seed));
    Matrix test = new Matrix(TEST_ROWS, 2, RING.sample(TEST_ROWS, 200));
    try (Engine engine = Engines.open("cpu", EngineOptions.threads(1));
        DiffusionModel model =
            (DiffusionModel)
                new DiffusionProvider()
                    .create(config, new EstimatorContext(engine, Registry.builder().build()))
                    .fit(
                        Dataset.of(train),
                        FitOptions.seed(seed).withSplit(new Split(0.99, 0.005, 0.005)),
                        listener)) {
      double[] ode = gaps(model, "ode", test);
      double[] bound = gaps(model, "sde-bound", test);
      double[] all = losses.stream().mapToDouble(Double::doubleValue).toArray();
      Outcome out = new Outcome(mean(ode), mean(bound), error(bound), variance(all));
      Files.writeString(
          page(),
          String.format(
              Locale.ROOT,
              "| %s | %d | %d | %.4f ± %.4f | %.4f ± %.4f | %.4g | %.0f |%n",
              weighting,
              steps,
              seed,
              out.ode,
              error(ode),
              out.bound,
              out.error,
              out.lossVariance,
              model.card().metrics().get("seconds")),
          StandardOpenOption.APPEND);
      Matrix some = test.slice(0, 500);
      Matrix back = model.decode(model.encode(Rows.of(some)), Matrix.zeros(500, 0));
      assertArrayEquals(some.values(), back.values(), 1e-3, "there and back");
      return out;
    }
  }

  private static double[] gaps(DiffusionModel model, String name, Matrix test) {
    LogDensity.Named density = model.density(name);
    double[] values = model.logDensity(density, Rows.of(test), new Seed(1)).values();
    double[] out = new double[values.length];
    Arrays.setAll(out, i -> RING.logDensity(1, 0, test.values(), i) - values[i]);
    return out;
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  private static double variance(double[] values) {
    double mean = mean(values);
    return Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / (values.length - 1);
  }

  private static double error(double[] values) {
    return Math.sqrt(variance(values) / values.length);
  }

  @Test
  void importanceWeightingLearnsTheRing() throws IOException {
    Outcome importance = train("importance", 8000, 1);
    Outcome likelihood = train("likelihood", 8000, 1);
    train("original", 8000, 1);
    assertTrue(importance.bound <= 0.15, "gap of the bound after 8,000 steps: " + importance.bound);
    double factor = likelihood.lossVariance / importance.lossVariance;
    assertTrue(factor >= 100, "the variance of the loss is cut by " + factor);
    assertTrue(importance.bound < likelihood.bound, importance + " against " + likelihood);
    Outcome longer = train("importance", 20_000, 1);
    assertTrue(longer.bound <= 0.08, "gap of the bound after 20,000 steps: " + longer.bound);
  }
}
