package org.thalweg.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
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
  private static final int COLUMNS = 3;
  private static final int FIRST = 6;
  private static final int LAST = 12;

  private static final EngineOptions ROUNDED = new EngineOptions(1, Precision.BFLOAT16, List.of(0));

  /** A flow: which rows. Diffusion: rows, times, targets, factors. */
  @ParameterizedTest
  @CsvSource({
    "maf, 1, 1",
    "nsf-ar, 1, 1",
    "nsf-coupling, 1, 1",
    "realnvp, 1, 1",
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
    EngineOptions one = new EngineOptions(2, Precision.FLOAT64, List.of(0));
    double[] expected = scores("cpu", threads, estimator, rows(10, 6));
    double[] divided = scores("gpu", devices, estimator, rows(10, 6));
    assertArrayEquals(expected, divided, 1e-6);
    // Dropout and draws are of a share: undivided, they are others, or sums are in another order.
    assertFalse(
        Arrays.equals(divided, scores("gpu", one, estimator, rows(10, 6))), "nothing was divided");
  }

  /** Rows differ by tenths of a nat, in both directions. */
  @ParameterizedTest
  @ValueSource(strings = {"maf", "nsf-ar", "nsf-coupling", "aem", "vmonf"})
  void roundedProductsLearnAsWell(String estimator) {
    Matrix unseen = rows(400, 6);
    double[] exact = scores("gpu", EngineOptions.threads(1), estimator, unseen);
    double[] rounded = scores("gpu", ROUNDED, estimator, unseen);
    assertFalse(Arrays.equals(exact, rounded), "nothing was rounded");
    assertEquals(mean(exact), mean(rounded), 0.05);
    assertArrayEquals(rounded, scores("gpu", ROUNDED, estimator, unseen), "not the same bits");
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  /** A net may be any function of the columns before: rounding it leaves a density. */
  @ParameterizedTest
  @ValueSource(strings = {"maf", "nsf-ar", "nsf-coupling"})
  void aDensityOfRoundedNetsIntegratesToOne(String estimator) {
    int n = 240;
    double step = 0.075;
    double[][] grid = new double[n * n][];
    for (int i = 0; i < n * n; i++) {
      grid[i] = new double[] {(i / n - 0.5 * n + 0.5) * step, (i % n - 0.5 * n + 0.5) * step};
    }
    double[] scores = scores("gpu", ROUNDED, estimator, Matrix.of(grid));
    double mass = Arrays.stream(scores).map(Math::exp).sum() * step * step;
    assertEquals(1, mass, 2e-3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"diffusion"})
  void roundedProductsAreRefusedWhereThereAreNone(String estimator) {
    ThalwegException refusal =
        assertThrows(ThalwegException.class, () -> scores("gpu", ROUNDED, estimator, rows(10, 6)));
    assertEquals(ExitCode.USAGE, refusal.exitCode());
    assertTrue(refusal.getMessage().contains("bfloat16 changes nothing"), refusal.getMessage());
  }

  private static double[] scores(
      String name, EngineOptions options, String estimator, Matrix unseen) {
    Registry registry = Installed.registry();
    try (Engine engine = Engines.open(name, options);
        Model model =
            fitted(
                registry.estimator(estimator),
                new EstimatorContext(engine, registry),
                unseen.columns(),
                FitListener.SILENT)) {
      LogDensity density = model.as(LogDensity.class);
      return density.logDensity(density.densities().get(0), Rows.of(unseen), new Seed(1)).values();
    }
  }

  private static <C extends Record> void fit(
      EstimatorProvider<C> provider, EstimatorContext context, FitListener listener) {
    fitted(provider, context, COLUMNS, listener).close();
  }

  private static Matrix rows(int count, long seed) {
    return rows(count, COLUMNS, seed);
  }

  private static Matrix rows(int count, int columns, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] rows = new double[count][columns];
    for (double[] row : rows) {
      for (int j = 0; j < row.length; j++) {
        row[j] = random.nextGaussian();
      }
    }
    return Matrix.of(rows);
  }

  private static <C extends Record> Model fitted(
      EstimatorProvider<C> provider, EstimatorContext context, int columns, FitListener listener) {
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
        .fit(Dataset.of(rows(900, columns, 5)), FitOptions.seed(1), listener);
  }
}
