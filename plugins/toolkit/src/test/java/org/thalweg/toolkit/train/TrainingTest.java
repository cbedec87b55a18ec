package org.thalweg.toolkit.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.Estimator;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.Sampler;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.config.ConfigBinder;
import org.thalweg.toolkit.model.CheckpointFile;
import org.thalweg.toolkit.model.ModelFile;

class TrainingTest {
  private static final Registry REGISTRY = Gaussians.registry();

  private static Model fit(
      Engine engine, Map<String, Object> set, FitOptions options, FitListener listener) {
    var provider = new MaximumLikelihoodProvider<>(new Gaussians());
    Estimator estimator =
        provider.create(
            ConfigBinder.bind(provider.defaults(), set), new EstimatorContext(engine, REGISTRY));
    return estimator.fit(Gaussians.data(1000), options, listener);
  }

  private static double[] scores(Model model) {
    LogDensity density = model.as(LogDensity.class);
    return density
        .logDensity(density.densities().get(0), Gaussians.data(1000).rows(), new Seed(0))
        .values();
  }

  private static final Map<String, Object> SHORT =
      Map.of("epochs", 20, "batch-size", 100, "learning-rate", 0.05);

  @Test
  void maximumLikelihoodFindsTheMomentsOfTheTrainingRows() {
    try (Engine engine = Gaussians.engine(2);
        Model model = fit(engine, SHORT, FitOptions.seed(1), FitListener.SILENT)) {
      double[] x = {10, -5};
      LogDensity density = model.as(LogDensity.class);
      double atMean =
          density.logDensity(
                  density.densities().get(0), Dataset.of(Matrix.of(x)).rows(), new Seed(0))
              .values()[0];
      assertEquals(-Math.log(2 * Math.PI * 3 * 0.2), atMean, 0.1);
      Matrix sample = model.as(Sampler.class).sample(5000, Matrix.zeros(1, 0), new Seed(2));
      assertEquals(10, Arrays.stream(sample.column(0)).average().orElseThrow(), 0.3);
      assertEquals(-5, Arrays.stream(sample.column(1)).average().orElseThrow(), 0.03);
      assertTrue(model.card().metrics().containsKey("test_log_density"));
    }
  }

  @Test
  void theSameSeedGivesTheSameBitsAlsoOnTwoThreadsAtOnce() {
    try (Engine engine = Gaussians.engine(2)) {
      double[] alone = scores(fit(engine, SHORT, FitOptions.seed(1), FitListener.SILENT));
      var first =
          CompletableFuture.supplyAsync(
              () -> scores(fit(engine, SHORT, FitOptions.seed(1), FitListener.SILENT)));
      var second =
          CompletableFuture.supplyAsync(
              () -> scores(fit(engine, SHORT, FitOptions.seed(2), FitListener.SILENT)));
      assertArrayEquals(alone, first.join());
      assertFalse(Arrays.equals(alone, second.join()));
    }
  }

  @Test
  void anInterruptedFitGoesOnBitForBit(@TempDir Path directory) {
    try (Engine engine = Gaussians.engine(2)) {
      double[] whole = scores(fit(engine, SHORT, FitOptions.seed(1), FitListener.SILENT));
      Path file = directory.resolve("fit.checkpoint");
      for (int stopAt : new int[] {1, 37, 38, 50}) {
        var options = FitOptions.seed(1).withCheckpoints(new CheckpointFile(file, true, REGISTRY));
        ThalwegException e =
            assertThrows(
                ThalwegException.class, () -> fit(engine, SHORT, options, stopAfter(stopAt)));
        assertEquals(ExitCode.INTERRUPTED, e.exitCode());
        assertTrue(Files.exists(file));
      }
      var options = FitOptions.seed(1).withCheckpoints(new CheckpointFile(file, true, REGISTRY));
      assertArrayEquals(whole, scores(fit(engine, SHORT, options, FitListener.SILENT)));
    }
  }

  @Test
  void aCheckpointOfAnotherFitIsRefused(@TempDir Path directory) {
    try (Engine engine = Gaussians.engine(1)) {
      Path file = directory.resolve("fit.checkpoint");
      var checkpoints = new CheckpointFile(file, true, REGISTRY);
      var options = FitOptions.seed(1).withCheckpoints(checkpoints);
      assertThrows(ThalwegException.class, () -> fit(engine, SHORT, options, stopAfter(5)));
      var other = FitOptions.seed(2).withCheckpoints(checkpoints);
      ThalwegException e =
          assertThrows(ThalwegException.class, () -> fit(engine, SHORT, other, FitListener.SILENT));
      assertTrue(e.getMessage().contains("seed: 1 then, 2 now"), e.getMessage());
    }
  }

  @Test
  void aModelFileGivesTheSameBits(@TempDir Path directory) {
    try (Engine engine = Gaussians.engine(1);
        Model model = fit(engine, SHORT, FitOptions.seed(1), FitListener.SILENT)) {
      Path file = directory.resolve("m.thalweg");
      ModelFile.save(file, model, REGISTRY, Map.of("note", "n"));
      var loaded = ModelFile.load(file, new EstimatorContext(engine, REGISTRY));
      assertEquals("n", loaded.provenance().get("note"));
      assertEquals(model.card(), loaded.model().card());
      assertArrayEquals(scores(model), scores(loaded.model()));
      Registry empty = Registry.builder().build();
      ThalwegException e =
          assertThrows(
              ThalwegException.class,
              () -> ModelFile.load(file, new EstimatorContext(engine, empty)));
      assertEquals(ExitCode.DATA, e.exitCode());
      assertTrue(e.getMessage().contains("estimator 'gaussians' of plugin test 1"), e.getMessage());
    }
  }

  @Test
  void stepsThatAreNotFiniteAreUndoneAndTheBestWeightsKept() {
    try (Engine engine = Gaussians.engine(1)) {
      ParameterStore store = new ParameterStore(engine, new Seed(0));
      var weight =
          store.parameter(
              "w",
              new ai.djl.ndarray.types.Shape(1),
              org.thalweg.api.density.Initializer.repeat(1));
      List<FitEvent> events = new ArrayList<>();
      Objective objective = new Poisoned(weight, 30);
      Training training = Training.DEFAULT.withLength(50, 0);
      var card =
          new org.thalweg.api.estimator.ModelCard(
              "t", training, Gaussians.data(1).schema(), 0, "cpu", new java.util.TreeMap<>());
      var result =
          new TrainingLoop(
                  engine, store, training, objective, FitOptions.seed(0), events::add, card)
              .run();
      assertEquals(FitEvent.Stop.DIVERGED, result.stop());
      assertTrue(events.stream().anyMatch(FitEvent.RolledBack.class::isInstance));
      double kept = store.snapshot()[0];
      assertTrue(kept < 1 && kept > 0, "the weight of the best step is kept, got " + kept);
    }
  }

  @Test
  void divergenceBeforeAnyGoodModelIsExitFive() {
    try (Engine engine = Gaussians.engine(1)) {
      ParameterStore store = new ParameterStore(engine, new Seed(0));
      var weight =
          store.parameter(
              "w",
              new ai.djl.ndarray.types.Shape(1),
              org.thalweg.api.density.Initializer.repeat(1));
      Training training = Training.DEFAULT.withLength(50, 0);
      var card =
          new org.thalweg.api.estimator.ModelCard(
              "t", training, Gaussians.data(1).schema(), 0, "cpu", new java.util.TreeMap<>());
      TrainingLoop loop =
          new TrainingLoop(
              engine,
              store,
              training,
              new Poisoned(weight, 0),
              FitOptions.seed(0),
              FitListener.SILENT,
              card);
      assertEquals(ExitCode.DIVERGED, assertThrows(ThalwegException.class, loop::run).exitCode());
    }
  }

  /** The square of one weight, which becomes NaN at some epoch. */
  private record Poisoned(org.thalweg.api.density.Parameter weight, int from) implements Objective {
    @Override
    public int trainingRows() {
      return 10;
    }

    @Override
    public int validationRows() {
      return 10;
    }

    @Override
    public NDArray loss(Tape tape, Share share) {
      NDArray square = tape.parameter(weight).square().sum();
      return share.epoch() < from ? square : square.mul(Double.NaN);
    }

    @Override
    public double validate(Workers workers) {
      double w = weight.storage().host().order(java.nio.ByteOrder.nativeOrder()).getFloat(0);
      return -w * w;
    }
  }

  private static FitListener stopAfter(int steps) {
    return new FitListener() {
      private int asked;

      @Override
      public void on(FitEvent event) {}

      @Override
      public boolean interrupted() {
        return asked++ >= steps;
      }
    };
  }
}
