package org.thalweg.toolkit.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Noise;
import org.thalweg.api.data.Rows;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.BuildContext;
import org.thalweg.api.density.DensityProvider;
import org.thalweg.api.density.Initializer;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.density.TrainableDensity;
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
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.estimator.Sampler;
import org.thalweg.api.estimator.Split;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.config.ConfigBinder;
import org.thalweg.toolkit.data.Splitter;
import org.thalweg.toolkit.model.CheckpointFile;
import org.thalweg.toolkit.model.ModelFile;

class TrainingTest {
  private static final Registry REGISTRY = Gaussians.registry();

  private static Model fit(
      Engine engine, Map<String, Object> set, FitOptions options, FitListener listener) {
    return estimator(engine, set).fit(Gaussians.data(1000), options, listener);
  }

  private static Model fit(Engine engine, Dataset data, FitOptions options, FitListener listener) {
    return estimator(engine, SHORT).fit(data, options, listener);
  }

  private static Estimator estimator(Engine engine, Map<String, Object> set) {
    var provider = new MaximumLikelihoodProvider<>(new Gaussians());
    return provider.create(
        ConfigBinder.bind(provider.defaults(), set), new EstimatorContext(engine, REGISTRY));
  }

  private static ModelCard model(Training training) {
    return new ModelCard("t", training, Gaussians.data(1).schema(), 0, "cpu", new TreeMap<>());
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
      List<FitEvent> all = new ArrayList<>();
      double[] whole = scores(fit(engine, SHORT, FitOptions.seed(1), all::add));
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
      List<FitEvent> resumed = new ArrayList<>();
      assertArrayEquals(whole, scores(fit(engine, SHORT, options, resumed::add)));
      assertEquals(validations(all), validations(resumed));
    }
  }

  private static List<FitEvent> validations(List<FitEvent> events) {
    List<FitEvent> out = events.stream().filter(FitEvent.Validated.class::isInstance).toList();
    assertFalse(out.isEmpty());
    return out;
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
  void aCheckpointOfAnotherEstimatorIsRefusedByName(@TempDir Path directory) {
    try (Engine engine = Gaussians.engine(1)) {
      var checkpoints = new CheckpointFile(directory.resolve("fit.checkpoint"), true, REGISTRY);
      var options = FitOptions.seed(1).withCheckpoints(checkpoints);
      assertThrows(ThalwegException.class, () -> fit(engine, SHORT, options, stopAfter(5)));
      // The same options, parameters and data under another name.
      var twin = new MaximumLikelihoodProvider<>(new Noted("twin", new ArrayList<>()));
      Estimator other =
          twin.create(
              ConfigBinder.bind(twin.defaults(), SHORT), new EstimatorContext(engine, REGISTRY));
      ThalwegException e =
          assertThrows(
              ThalwegException.class,
              () -> other.fit(Gaussians.data(1000), options, FitListener.SILENT));
      assertEquals(ExitCode.USAGE, e.exitCode());
      assertTrue(e.getMessage().contains("estimator: gaussians then, twin now"), e.getMessage());
    }
  }

  @Test
  void trainingRowsAreJudgedByASampleOfThemThatIsCounted() {
    try (Engine engine = Gaussians.engine(1);
        Model small = fit(engine, SHORT, FitOptions.seed(1), FitListener.SILENT);
        Model large =
            estimator(engine, Map.of("epochs", 1))
                .fit(Gaussians.data(30_000), FitOptions.seed(1), FitListener.SILENT)) {
      assertFalse(small.card().metrics().containsKey("train_judged_rows"));
      assertEquals(24_000, large.card().metrics().get("train_rows"));
      assertEquals(20_000, large.card().metrics().get("train_judged_rows"));
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
  void aFigureThatIsNotFiniteDoesNotSpoilTheFile(@TempDir Path directory) {
    try (Engine engine = Gaussians.engine(1);
        Model model = fit(engine, SHORT, FitOptions.seed(1), FitListener.SILENT)) {
      DensityModel odd =
          ((DensityModel) model)
              .with(model.card().withMetric("test_log_density", Double.NEGATIVE_INFINITY));
      Path file = directory.resolve("m.thalweg");
      ModelFile.save(file, odd, REGISTRY, Map.of());
      Model loaded = ModelFile.load(file, new EstimatorContext(engine, REGISTRY)).model();
      assertFalse(loaded.card().metrics().containsKey("test_log_density"));
      assertTrue(loaded.card().metrics().containsKey("train_log_density"));
    }
  }

  @Test
  void otherWeightsAreAnotherFit(@TempDir Path directory) {
    try (Engine engine = Gaussians.engine(1)) {
      var checkpoints = new CheckpointFile(directory.resolve("fit.checkpoint"), true, REGISTRY);
      var options = FitOptions.seed(1).withCheckpoints(checkpoints);
      Dataset light = weighted(1, 2);
      Dataset heavy = weighted(1, 3);
      assertThrows(ThalwegException.class, () -> fit(engine, light, options, stopAfter(5)));
      ThalwegException e =
          assertThrows(
              ThalwegException.class, () -> fit(engine, heavy, options, FitListener.SILENT));
      assertEquals(ExitCode.USAGE, e.exitCode());
      assertTrue(e.getMessage().contains("data"), e.getMessage());
    }
  }

  @Test
  void rowsOfWeightZeroCountForNothing() {
    try (Engine engine = Gaussians.engine(1)) {
      Dataset data = weighted(1, 0);
      Model model = fit(engine, data, FitOptions.seed(1), FitListener.SILENT);
      Matrix sample = model.as(Sampler.class).sample(5000, Matrix.zeros(1, 0), new Seed(2));
      double[] all = data.rows().features().column(0);
      double mean = IntStream.range(0, 500).mapToDouble(i -> all[2 * i]).average().orElseThrow();
      assertEquals(mean, Arrays.stream(sample.column(0)).average().orElseThrow(), 0.5);
      assertThrows(
          ThalwegException.class,
          () -> fit(engine, weighted(0, 0), FitOptions.seed(1), FitListener.SILENT));
      assertThrows(ThalwegException.class, () -> weighted(1, Double.NaN));
      assertThrows(ThalwegException.class, () -> weighted(1, -1));
    }
  }

  @Test
  void testRowsWithoutWeightAreNotJudged() {
    try (Engine engine = Gaussians.engine(1)) {
      Dataset plain = Gaussians.data(1000);
      int[] test = Splitter.split(plain, Split.DEFAULT, new Seed(1)).test();
      double[] weights = new double[1000];
      Arrays.fill(weights, 1);
      for (int row : test) {
        weights[row] = 0;
      }
      Rows rows = plain.rows();
      Dataset weighted =
          new Dataset(
              plain.schema(),
              new Rows(
                  rows.features(),
                  rows.context(),
                  Noise.NONE,
                  Optional.of(weights),
                  Optional.empty()));
      Model model = fit(engine, weighted, FitOptions.seed(1), FitListener.SILENT);
      assertFalse(model.card().metrics().containsKey("test_log_density"));
      assertTrue(model.card().metrics().containsKey("validation_log_density"));
    }
  }

  /** Every other row moved far away, with weights of its own. */
  private static Dataset weighted(double even, double odd) {
    Dataset plain = Gaussians.data(1000);
    double[] values = plain.rows().features().values().clone();
    double[] weights = new double[1000];
    for (int i = 0; i < 1000; i++) {
      weights[i] = i % 2 == 0 ? even : odd;
      values[2 * i] += i % 2 == 0 ? 0 : 50;
    }
    Matrix x = new Matrix(1000, 2, values);
    return new Dataset(
        plain.schema(),
        new Rows(x, Matrix.zeros(1000, 0), Noise.NONE, Optional.of(weights), Optional.empty()));
  }

  @Test
  void undoneStepsLeaveNoHoleInACheckpoint(@TempDir Path directory) {
    try (Engine engine = Gaussians.engine(1)) {
      ParameterStore store = new ParameterStore(engine, new Seed(0));
      Parameter weight = store.parameter("w", new Shape(1), Initializer.repeat(1));
      Training every =
          ConfigBinder.bind(Training.DEFAULT.withLength(40, 0), Map.of("checkpoint-seconds", 0));
      var checkpoints = new CheckpointFile(directory.resolve("c"), true, REGISTRY);
      var card = model(every);
      var options = FitOptions.seed(0).withCheckpoints(checkpoints);
      var loop =
          new TrainingLoop(
              engine, store, every, new Poisoned(weight, 30), options, FitListener.SILENT, card);
      TrainingLoop.Result result = loop.run();
      assertEquals(30, result.history().size());
      result.history().forEach(row -> assertTrue(Arrays.stream(row).allMatch(Double::isFinite)));
    }
  }

  /** Each of Adam's steps down a constant slope is as long as the step size. */
  @Test
  void aTimeLimitLetsTheStepSizeFallInTime() {
    try (Engine engine = Gaussians.engine(1)) {
      ParameterStore store = new ParameterStore(engine, new Seed(0));
      Parameter weight = store.parameter("w", new Shape(1), Initializer.ZEROS);
      List<Double> seen = new ArrayList<>();
      Objective slope =
          new Objective() {
            @Override
            public int trainingRows() {
              return 64;
            }

            @Override
            public int validationRows() {
              return 0;
            }

            @Override
            public NDArray loss(Tape tape, Share share) {
              NDArray value = tape.parameter(weight);
              seen.add(engine.hostView(value).toDoubles()[0]);
              return value.sum();
            }

            @Override
            public double validate(Workers workers) {
              throw new AssertionError("there are no validation rows");
            }
          };
      Training endless = Training.DEFAULT.withLearningRate(1e-3).withLength(1_000_000_000, 0);
      var options = FitOptions.seed(0).withTimeLimit(Duration.ofMillis(1500));
      new TrainingLoop(engine, store, endless, slope, options, FitListener.SILENT, model(endless))
          .run();
      int n = seen.size();
      assertEquals(1e-3, seen.get(0) - seen.get(1), 1e-5);
      // After 97 % of the time a cosine is at 0.002 of its start.
      assertTrue(seen.get(n - 2) - seen.get(n - 1) < 1e-4, () -> n + " steps");
    }
  }

  /** Every step makes the score worse: the start is the best, where it may be. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theStartMayBeTheBest(boolean judged) {
    try (Engine engine = Gaussians.engine(1)) {
      ParameterStore store = new ParameterStore(engine, new Seed(0));
      Parameter weight = store.parameter("w", new Shape(1), Initializer.repeat(1));
      Poisoned square = new Poisoned(weight, 1000);
      Objective worse =
          new Objective() {
            @Override
            public int trainingRows() {
              return square.trainingRows();
            }

            @Override
            public int validationRows() {
              return square.validationRows();
            }

            @Override
            public boolean judgesStart() {
              return judged;
            }

            @Override
            public NDArray loss(Tape tape, Share share) {
              return square.loss(tape, share).neg();
            }

            @Override
            public double validate(Workers workers) {
              return square.validate(workers);
            }
          };
      Training training = Training.DEFAULT.withLength(5, 0);
      var options = FitOptions.seed(0);
      var loop =
          new TrainingLoop(
              engine, store, training, worse, options, FitListener.SILENT, model(training));
      TrainingLoop.Result result = loop.run();
      assertEquals(judged, result.best() == -1, () -> "best " + result.best());
      assertEquals(judged, store.snapshot()[0] == 1);
    }
  }

  @Test
  void partsSeeOneBatchBeforeTraining() {
    List<Binding.Mode> modes = Collections.synchronizedList(new ArrayList<>());
    DensityProvider<Gaussians.Config> noted = new Noted("gaussians", modes);
    try (Engine engine = Gaussians.engine(1)) {
      var provider = new MaximumLikelihoodProvider<>(noted);
      provider
          .create(
              ConfigBinder.bind(provider.defaults(), SHORT), new EstimatorContext(engine, REGISTRY))
          .fit(Gaussians.data(1000), FitOptions.seed(1), FitListener.SILENT)
          .close();
    }
    assertEquals(Binding.Mode.INITIALISE, modes.get(0));
    assertEquals(1, modes.stream().filter(Binding.Mode.INITIALISE::equals).count());
    assertEquals(Binding.Mode.TRAIN, modes.get(1));
  }

  /** Gaussians that note what they are bound for. */
  private record Noted(String name, List<Binding.Mode> modes)
      implements DensityProvider<Gaussians.Config> {
    private static final Gaussians GAUSSIANS = new Gaussians();

    @Override
    public String summary() {
      return GAUSSIANS.summary();
    }

    @Override
    public Gaussians.Config defaults() {
      return GAUSSIANS.defaults();
    }

    @Override
    public TrainableDensity create(Gaussians.Config config, BuildContext context) {
      TrainableDensity density = GAUSSIANS.create(config, context);
      return binding -> {
        modes.add(binding.mode());
        return density.bind(binding);
      };
    }
  }

  @Test
  void trainingThatCannotBeIsRefused() {
    for (String option : List.of("batch-size", "epochs")) {
      ThalwegException e =
          assertThrows(
              ThalwegException.class, () -> ConfigBinder.bind(Training.DEFAULT, Map.of(option, 0)));
      assertTrue(e.getMessage().contains(option), e.getMessage());
    }
    assertThrows(ThalwegException.class, () -> Training.DEFAULT.withLength(0, 0));
  }

  @Test
  void aClosedModelSaysSo() {
    try (Engine engine = Gaussians.engine(1)) {
      Model model = fit(engine, SHORT, FitOptions.seed(1), FitListener.SILENT);
      model.close();
      var e = assertThrows(IllegalStateException.class, () -> scores(model));
      assertTrue(e.getMessage().contains("closed"), e.getMessage());
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
