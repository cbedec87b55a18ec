package org.thalweg.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.engine.Precision;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.config.ConfigBinder;

/** What a step of training sends to a device, and how often it waits for one. */
class StepsOnDeviceTest implements OnSimulatedDevice {
  private static final int FIRST = 6;
  private static final int LAST = 12;

  /** A flow: rows and their weights. Diffusion: rows, times, targets, factors. */
  @ParameterizedTest
  @CsvSource({
    "maf, 2, 1",
    "nsf-ar, 2, 1",
    "nsf-coupling, 2, 1",
    "realnvp, 2, 1",
    "diffusion, 4, 1",
    // Its proposal is drawn from on the host: its parameters come back, and samples are sent.
    "aem, 4, 2"
  })
  void aStepSendsItsBatchAndNoNumbers(String estimator, int uploads, int readBacks) {
    Registry registry = Installed.registry();
    List<Map<String, String>> facts = new ArrayList<>();
    try (Engine device = Engines.open("gpu", EngineOptions.threads(1))) {
      FitListener noting =
          event -> {
            if (event instanceof FitEvent.Stepped) {
              facts.add(device.describe());
            }
          };
      fit(registry.estimator(estimator), new EstimatorContext(device, registry), noting);
    }
    assertEquals(LAST, facts.size());
    for (int step = FIRST; step < LAST; step++) {
      assertEquals(readBacks, grown(facts, step, "read-backs"), "read-backs of step " + step);
      assertEquals(uploads, grown(facts, step, "uploads"), "uploads of step " + step);
    }
  }

  private static long grown(List<Map<String, String>> facts, int step, String name) {
    return Long.parseLong(facts.get(step).get(name))
        - Long.parseLong(facts.get(step - 1).get(name));
  }

  /** Each device computes what a thread of the processor computes, and the sums are the same. */
  @ParameterizedTest
  @ValueSource(strings = {"maf", "nsf-ar", "nsf-coupling", "realnvp", "diffusion", "aem", "vmonf"})
  void twoDevicesTakeTheStepsOfTwoThreads(String estimator) {
    EngineOptions threads = new EngineOptions(2, DataType.FLOAT64);
    EngineOptions devices = new EngineOptions(2, Precision.FLOAT64, List.of(0, 1));
    EngineOptions one = new EngineOptions(2, DataType.FLOAT64);
    double[] expected = scores("cpu", threads, estimator);
    assertArrayEquals(expected, scores("gpu", devices, estimator), 1e-6);
    // Dropout and draws are of a share: undivided, they are others, or sums are in another order.
    assertFalse(Arrays.equals(expected, scores("gpu", one, estimator)), "nothing was divided");
  }

  private static double[] scores(String name, EngineOptions options, String estimator) {
    Registry registry = Installed.registry();
    try (Engine engine = Engines.open(name, options);
        Model model =
            fitted(
                registry.estimator(estimator),
                new EstimatorContext(engine, registry),
                FitListener.SILENT)) {
      LogDensity density = model.as(LogDensity.class);
      return density
          .logDensity(density.densities().get(0), Rows.of(rows(10, 6)), new Seed(1))
          .values();
    }
  }

  private static <C extends Record> void fit(
      EstimatorProvider<C> provider, EstimatorContext context, FitListener listener) {
    fitted(provider, context, listener).close();
  }

  private static Matrix rows(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] rows = new double[count][3];
    for (double[] row : rows) {
      for (int j = 0; j < row.length; j++) {
        row[j] = random.nextGaussian();
      }
    }
    return Matrix.of(rows);
  }

  private static <C extends Record> Model fitted(
      EstimatorProvider<C> provider, EstimatorContext context, FitListener listener) {
    Map<String, Object> set =
        new HashMap<>(
            Map.of(
                "batch-size",
                64,
                "steps",
                LAST,
                "validate-every",
                1000,
                "warm-up",
                0,
                "scoring-samples",
                100,
                "kernels",
                100));
    set.keySet().retainAll(ConfigBinder.flatten(provider.defaults()).keySet());
    assertTrue(set.containsKey("steps"), provider.name());
    return provider
        .create(ConfigBinder.bind(provider.defaults(), set), context)
        .fit(Dataset.of(rows(900, 5)), FitOptions.seed(1), listener);
  }
}
