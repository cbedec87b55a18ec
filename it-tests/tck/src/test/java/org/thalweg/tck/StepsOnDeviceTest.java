package org.thalweg.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.plugin.Registry;
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

  private static <C extends Record> void fit(
      EstimatorProvider<C> provider, EstimatorContext context, FitListener listener) {
    Map<String, Object> set =
        new HashMap<>(
            Map.of("batch-size", 64, "steps", LAST, "validate-every", 1000, "warm-up", 0));
    set.keySet().retainAll(ConfigBinder.flatten(provider.defaults()).keySet());
    assertTrue(set.containsKey("steps"), provider.name());
    SplittableRandom random = new SplittableRandom(5);
    double[][] rows = new double[900][3];
    for (double[] row : rows) {
      for (int j = 0; j < row.length; j++) {
        row[j] = random.nextGaussian();
      }
    }
    provider
        .create(ConfigBinder.bind(provider.defaults(), set), context)
        .fit(Dataset.of(Matrix.of(rows)), FitOptions.seed(1), listener)
        .close();
  }
}
