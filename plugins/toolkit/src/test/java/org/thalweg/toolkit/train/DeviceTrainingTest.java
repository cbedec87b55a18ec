package org.thalweg.toolkit.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.thalweg.api.density.Initializer;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.engine.Precision;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.config.ConfigBinder;
import org.thalweg.toolkit.model.CheckpointFile;

/** Training where the host does not see the memory, and where the memory does not suffice. */
class DeviceTrainingTest {
  private static final Registry REGISTRY = Gaussians.registry();

  /** Clipping and decay take part: gradients of standardised rows are of the order of 1. */
  private static final Map<String, Object> SET =
      Map.of(
          "epochs",
          5,
          "batch-size",
          100,
          "learning-rate",
          0.05,
          "clip-norm",
          0.5,
          "weight-decay",
          0.01);

  private static Engine host(DataType type, int threads) {
    return Engines.open("cpu", new EngineOptions(threads, type));
  }

  private static double[] fit(
      Engine engine, Map<String, Object> set, FitOptions options, FitListener listener) {
    var provider = new MaximumLikelihoodProvider<>(new Gaussians());
    var estimator =
        provider.create(
            ConfigBinder.bind(provider.defaults(), set), new EstimatorContext(engine, REGISTRY));
    try (Model model = estimator.fit(Gaussians.data(1000), options, listener)) {
      return scores(model);
    }
  }

  private static double[] scores(Model model) {
    LogDensity density = model.as(LogDensity.class);
    return density
        .logDensity(density.densities().get(0), Gaussians.data(1000).rows(), new Seed(0))
        .values();
  }

  private static double[] fit(Engine engine, Map<String, Object> set) {
    return fit(engine, set, FitOptions.seed(1), FitListener.SILENT);
  }

  private static Map<String, Object> with(String key, Object value) {
    Map<String, Object> set = new HashMap<>(SET);
    set.put(key, value);
    return set;
  }

  @ParameterizedTest
  @CsvSource({"FLOAT64, 1e-10", "FLOAT32, 2e-4"})
  void theDeviceTakesTheStepsOfTheHost(DataType type, double tolerance) {
    try (Engine host = host(type, 1);
        Engine device = Simulated.device(type)) {
      double[] expected = fit(host, SET);
      assertArrayEquals(expected, fit(device, SET), tolerance);
      assertArrayEquals(fit(device, SET), fit(device, SET), "not the same bits again");
    }
  }

  @ParameterizedTest
  @CsvSource({"FLOAT64, 2, 1e-10", "FLOAT64, 3, 1e-10", "FLOAT32, 2, 2e-4"})
  void severalDevicesTakeTheStepsOfAsManyThreads(Precision precision, int count, double tolerance) {
    try (Engine host = host(precision.dataType(), count);
        Engine devices = Simulated.devices(precision, count)) {
      double[] expected = fit(host, SET);
      assertArrayEquals(expected, fit(devices, SET), tolerance);
      assertArrayEquals(fit(devices, SET), fit(devices, SET), "not the same bits again");
    }
  }

  @Test
  void whatDoesNotFitOnSeveralDevicesIsDivided() {
    try (Engine devices = Simulated.devices(Precision.FLOAT64, 2)) {
      double[] whole = fit(devices, with("oversized", "divide"));
      assertArrayEquals(whole, fit(Cramped.engine(devices, 30), with("oversized", "divide")), 1e-9);
      ThalwegException refusal =
          assertThrows(ThalwegException.class, () -> fit(Cramped.engine(devices, 30), SET));
      // Half of a batch on each: 25 of 50 rows.
      assertTrue(refusal.getMessage().contains("; 50 rows fit"), refusal.getMessage());
    }
  }

  /** Each device has work, and what waits is what the first is asked for. */
  @Test
  void aStepOfSeveralDevicesWaitsOnce() {
    try (Engine devices = Simulated.devices(Precision.FLOAT32, 2)) {
      List<Long> waits = new ArrayList<>();
      List<Long> uploads = new ArrayList<>();
      FitListener counting =
          event -> {
            if (event instanceof FitEvent.Stepped) {
              waits.add(Simulated.readBacks(devices));
              uploads.add(Long.parseLong(devices.ofShare(1).describe().get("uploads")));
            }
          };
      fit(devices, with("validate-every", 1000), FitOptions.seed(1), counting);
      for (int i = 1; i < waits.size(); i++) {
        assertEquals(1, waits.get(i) - waits.get(i - 1), "in step " + i);
        assertTrue(uploads.get(i) > uploads.get(i - 1), "the second device is idle");
      }
    }
  }

  @Test
  void aStepWaitsForTheDeviceOnce() {
    try (Engine device = Simulated.device(DataType.FLOAT32)) {
      List<Long> after = new ArrayList<>();
      FitListener counting =
          event -> {
            if (event instanceof FitEvent.Stepped) {
              after.add(Simulated.readBacks(device));
            }
          };
      fit(device, with("validate-every", 1000), FitOptions.seed(1), counting);
      assertTrue(after.size() > 30, after.toString());
      for (int i = 1; i < after.size(); i++) {
        assertEquals(1, after.get(i) - after.get(i - 1), "in step " + i);
      }
    }
  }

  @Test
  void onADeviceAnInterruptedFitGoesOnBitForBit(@TempDir Path directory) {
    try (Engine device = Simulated.device(DataType.FLOAT32)) {
      double[] straight = fit(device, SET);
      Path file = directory.resolve("fit.checkpoint");
      FitListener stopping =
          new FitListener() {
            private long steps;

            @Override
            public void on(FitEvent event) {
              if (event instanceof FitEvent.Stepped stepped) {
                steps = stepped.step();
              }
            }

            @Override
            public boolean interrupted() {
              return steps == 13;
            }
          };
      FitOptions options =
          FitOptions.seed(1).withCheckpoints(new CheckpointFile(file, true, REGISTRY));
      ThalwegException stop =
          assertThrows(ThalwegException.class, () -> fit(device, SET, options, stopping));
      assertEquals(ExitCode.INTERRUPTED, stop.exitCode());
      try (Engine two = Simulated.devices(Precision.FLOAT32, 2)) {
        ThalwegException other =
            assertThrows(ThalwegException.class, () -> fit(two, SET, options, FitListener.SILENT));
        assertTrue(other.getMessage().contains("devices: 1 then, 2 now"), other.getMessage());
      }
      assertArrayEquals(straight, fit(device, SET, options, FitListener.SILENT));
    }
  }

  /** One JVM, one libtorch, two engines. */
  @Test
  void oneEngineScoresWhileTheOtherTrains() {
    try (Engine host = host(DataType.FLOAT32, 1);
        Engine device = Simulated.device(DataType.FLOAT32)) {
      var provider = new MaximumLikelihoodProvider<>(new Gaussians());
      var estimator =
          provider.create(
              ConfigBinder.bind(provider.defaults(), SET), new EstimatorContext(host, REGISTRY));
      double[] alone = fit(device, SET);
      try (Model model =
          estimator.fit(Gaussians.data(1000), FitOptions.seed(2), FitListener.SILENT)) {
        double[] expected = scores(model);
        var training = CompletableFuture.supplyAsync(() -> fit(device, SET));
        do {
          assertArrayEquals(expected, scores(model));
        } while (!training.isDone());
        assertArrayEquals(alone, training.join());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"FLOAT32", "FLOAT64"})
  void theMeanOfTheWeightsIsThatOfTheHost(DataType type) {
    try (Engine host = host(type, 1);
        Engine device = Simulated.device(type)) {
      double[] expected = averaged(host);
      assertArrayEquals(expected, averaged(device), 1e-6);
    }
  }

  private static double[] averaged(Engine engine) {
    ParameterStore store = new ParameterStore(engine, new Seed(3));
    Parameter weight = store.parameter("weight", new Shape(20), Initializer.uniform(1));
    double[][] out = new double[2][];
    try (MovingAverage average = new MovingAverage(engine, store, 0.9)) {
      for (int n = 0; n < 200; n++) {
        double[] values = new double[20];
        for (int i = 0; i < 20; i++) {
          values[i] = Math.sin(i + 0.1 * n);
        }
        weight.write(values);
        average.add();
      }
      average.with(() -> out[0] = store.snapshot());
      out[1] = store.snapshot();
    }
    assertEquals(Math.sin(3 + 0.1 * 199), out[1][3], 1e-6, "the weights come back");
    return out[0];
  }

  @ParameterizedTest
  @CsvSource({"cpu, 1, 30", "cpu, 2, 30", "cpu, 1, 1", "gpu, 1, 30"})
  void piecesAddUpToTheWholeBatch(String name, int threads, int room) {
    try (Engine engine =
        name.equals("cpu") ? host(DataType.FLOAT64, threads) : Simulated.device(DataType.FLOAT64)) {
      double[] whole = fit(engine, with("oversized", "divide"));
      List<String> warnings = new ArrayList<>();
      FitListener noting =
          event -> {
            if (event instanceof FitEvent.Warned warned) {
              warnings.add(warned.message());
            }
          };
      // Scoring has chunks of its own, and room for them.
      double[] divided =
          fit(
              Cramped.engine(engine, room),
              with("oversized", "divide"),
              FitOptions.seed(1),
              noting);
      assertArrayEquals(whole, divided, 1e-9);
      assertTrue(warnings.get(0).contains("do not fit"), warnings.toString());
      assertTrue(warnings.size() < 10, "said at every step: " + warnings.size());
    }
  }

  /** Memory that nobody needs any more is no reason to refuse, or to divide for good. */
  @ParameterizedTest
  @CsvSource({"cpu, refuse", "cpu, divide", "gpu, refuse"})
  void whatFitsOnceTheMemoryIsGivenBackIsNotDivided(String name, String oversized) {
    try (Engine engine =
        name.equals("cpu") ? host(DataType.FLOAT32, 1) : Simulated.device(DataType.FLOAT32)) {
      FitListener noting = event -> assertFalse(event instanceof FitEvent.Warned, event.toString());
      double[] expected = fit(engine, with("oversized", oversized));
      double[] found =
          fit(
              Cramped.untilTrimmed(engine),
              with("oversized", oversized),
              FitOptions.seed(1),
              noting);
      assertArrayEquals(expected, found);
    }
  }

  @Test
  void whatFitsIsSaid() {
    try (Engine engine = host(DataType.FLOAT32, 1)) {
      ThalwegException refusal =
          assertThrows(ThalwegException.class, () -> fit(Cramped.engine(engine, 30), SET));
      assertEquals(ExitCode.ENGINE, refusal.exitCode());
      String message = refusal.getMessage();
      assertTrue(message.contains("does not hold a step of 100 rows; 25 rows fit"), message);
      assertTrue(message.contains("batch-size=25, or oversized=divide"), message);
    }
  }

  @Test
  void whereNotEvenOneRowFitsTheModelIsTooLarge() {
    try (Engine engine = host(DataType.FLOAT32, 1)) {
      for (String oversized : List.of("refuse", "divide")) {
        ThalwegException refusal =
            assertThrows(
                ThalwegException.class,
                () -> fit(Cramped.engine(engine, 0), with("oversized", oversized)));
        assertTrue(refusal.getMessage().contains("single row"), refusal.getMessage());
      }
    }
  }

  @Test
  void otherFailuresStayWhatTheyAre() {
    try (Engine engine = host(DataType.FLOAT32, 1)) {
      assertTrue(engine.outOfMemory(new EngineException("CUDA out of memory. Tried to allocate")));
      assertTrue(
          engine.outOfMemory(
              new IllegalStateException(
                  new EngineException("DefaultCPUAllocator: can't allocate memory: you tried"))));
      assertTrue(!engine.outOfMemory(new EngineException("CUDA error: device-side assert")));
      assertTrue(!engine.outOfMemory(new IllegalStateException("out of memory")));
    }
  }
}
