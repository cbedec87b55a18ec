package org.thalweg.aem;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.DataType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.data.Schema;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.Split;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Standardiser;
import org.thalweg.toolkit.model.CheckpointFile;
import org.thalweg.toolkit.train.ParameterStore;
import org.thalweg.toolkit.train.Share;

class AemFitTest {
  private static double[] scores(AemModel model, String density, Rows rows) {
    return model.logDensity(model.density(density), rows, new Seed(8)).values();
  }

  @Test
  void aBoxLearnsABoard() {
    AemConfig config =
        Machines.config(
            "proposal",
            "box",
            "low",
            -2,
            "high",
            2,
            "hidden",
            32,
            "blocks",
            2,
            "energy-hidden",
            32,
            "energy-blocks",
            2,
            "epochs",
            25,
            "batch-size",
            200,
            "learning-rate",
            5e-3);
    Dataset data = Machines.board(5000);
    try (AemModel model = Machines.fit(config, data.select(first(4000)), Machines.SINGLE)) {
      Rows fresh = data.rows().slice(4000, 4600);
      double mean = Machines.mean(scores(model, "estimate:1000", fresh));
      // -log 8 = -2.079 under the truth, -log 16 = -2.773 under the box.
      assertTrue(mean > -2.45, "mean log-density " + mean);
      assertTrue(mean < -2.079, "mean log-density " + mean);
      assertEquals(-Math.log(16), Machines.mean(scores(model, "proposal", fresh)), 1e-5);
      Matrix drawn = model.sample(500, Matrix.zeros(1, 0), new Seed(1));
      assertTrue(Arrays.stream(drawn.values()).allMatch(v -> v >= -2.0001 && v <= 2.0001));
    }
  }

  private static int[] first(int n) {
    int[] out = new int[n];
    Arrays.setAll(out, i -> i);
    return out;
  }

  @Test
  void outsideTheBoxThereIsNoDensity() {
    AemConfig config = Machines.config("proposal", "box", "epochs", 1);
    try (AemModel model = Machines.fit(config, Machines.board(300), Machines.SINGLE)) {
      Rows rows = Rows.of(Matrix.of(new double[] {0, 0}, new double[] {0, 2.5}));
      assertArrayEquals(new boolean[] {true, false}, model.screen(rows).usable());
      ThalwegException refusal =
          assertThrows(ThalwegException.class, () -> scores(model, "estimate", rows));
      assertTrue(refusal.getMessage().contains("Row 2 has x1 = 2.5"), refusal.getMessage());
    }
  }

  @Test
  void aBoxThatMissesTheDataIsRefused() {
    AemConfig config = Machines.config("proposal", "box", "low", -1, "high", 1);
    ThalwegException refusal =
        assertThrows(
            ThalwegException.class,
            () -> Machines.fit(config, Machines.board(300), Machines.SINGLE));
    assertEquals(ExitCode.USAGE, refusal.exitCode());
    assertTrue(refusal.getMessage().contains("box -1.0 to 1.0"), refusal.getMessage());
    AemConfig none = Machines.config("proposal", "box", "low", 2, "high", 1);
    assertThrows(
        ThalwegException.class, () -> Machines.fit(none, Machines.board(300), Machines.SINGLE));
  }

  /** One Gaussian without any training cannot cover two far humps: the fit must say so. */
  @Test
  void aProposalThatMissesIsWarnedOf() {
    SplittableRandom random = new SplittableRandom(3);
    double[] x = new double[2000];
    for (int i = 0; i < x.length; i++) {
      // One row in twenty lies far out, in a spike; the proposal is not trained to reach it.
      x[i] = i % 20 == 0 ? 400 + 0.01 * random.nextGaussian() : random.nextGaussian();
    }
    List<String> warnings = new ArrayList<>();
    AemConfig config =
        Machines.config("components", 1, "warm-up", 0, "epochs", 10, "learning-rate", 5e-3);
    FitListener listener =
        event -> {
          if (event instanceof FitEvent.Warned warned) {
            warnings.add(warned.message());
          }
        };
    try (AemModel model =
        Machines.fit(
            config,
            Dataset.of(new Matrix(2000, 1, x)),
            FitOptions.seed(1),
            listener,
            Machines.SINGLE)) {
      double share = model.card().metrics().get("effective_sample_share.x0");
      double gap = model.card().metrics().get("estimate_gap_20_200");
      assertEquals(share < 0.1 || gap > 0.1, !warnings.isEmpty(), share + " " + gap + warnings);
      assertTrue(warnings.stream().anyMatch(w -> w.contains("importance samples")), "" + warnings);
    }
  }

  @Test
  void wholeNumbersDeclaredContinuousAreWarnedOf() {
    SplittableRandom random = new SplittableRandom(6);
    double[] x = new double[600];
    Arrays.setAll(x, i -> i % 2 == 0 ? random.nextInt(9) : random.nextGaussian());
    List<String> warnings = new ArrayList<>();
    FitListener listener =
        event -> {
          if (event instanceof FitEvent.Warned warned) {
            warnings.add(warned.message());
          }
        };
    Dataset data = Dataset.of(new Matrix(300, 2, x));
    Machines.fit(Machines.config("epochs", 1), data, FitOptions.seed(1), listener, Machines.SINGLE)
        .close();
    List<String> whole =
        warnings.stream().filter(warning -> warning.contains("kind integer")).toList();
    assertEquals(1, whole.size(), "" + warnings);
    assertTrue(whole.get(0).contains("'x0'") && !whole.get(0).contains("'x1'"), whole.get(0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"samples", "scoring-samples", "kernels", "resamples"})
  void oneSampleIsRefused(String option) {
    ThalwegException refusal =
        assertThrows(ThalwegException.class, () -> Machines.config(option, 1));
    assertTrue(refusal.getMessage().contains("'" + option + "'"), refusal.getMessage());
    assertTrue(refusal.getMessage().contains("got 1"), refusal.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "estimate:1, got 1",
    "estimate:many, number of samples",
    "estimate:2.5, number of samples",
    "kde:0, got 0",
    "proposal:3, takes no number",
    "exact:1e-9, 1.0E-5 to 1 nat",
    "exact:-1, 1.0E-5 to 1 nat",
    "exact:, 1.0E-5 to 1 nat",
    "estimat, estimate",
    "flow:3, estimate"
  })
  void densitiesThatCannotBeAreRefused(String name, String part) {
    try (AemModel model =
        Machines.fit(Machines.config("epochs", 1), Machines.parabola(200), Machines.SINGLE)) {
      ThalwegException refusal = assertThrows(ThalwegException.class, () -> model.density(name));
      assertEquals(ExitCode.USAGE, refusal.exitCode());
      assertTrue(refusal.getMessage().contains(part), refusal.getMessage());
    }
  }

  /** While the proposal warms up, the energy net gets no gradient; afterwards it does. */
  @ParameterizedTest
  @CsvSource({"0, false", "24, false", "25, true", "99, true"})
  void warmingUpTrainsTheProposalAlone(long step, boolean trained) {
    Dataset data = Machines.parabola(120);
    AemConfig config = Machines.config("warm-up", 1_000_000);
    ParameterStore store = Machines.store(Machines.SINGLE);
    AemNets nets = AemNets.build(config, 2, 0, store);
    Standardiser standardiser = Standardiser.fit(data);
    AemScoring scoring = new AemScoring(Machines.SINGLE, nets, standardiser);
    AemObjective objective =
        new AemObjective(config, nets, scoring, standardiser, data, data, new Seed(1));
    Share share = new Share(first(100), 0, 100, 0, step, 100, new Seed(2));
    try (Tape tape = Machines.SINGLE.newTape(Tape.Mode.FIRST_ORDER)) {
      tape.backward(objective.loss(tape, share));
      for (Parameter parameter : store.trainable()) {
        double[] gradient = tape.engine().hostView(tape.gradient(parameter)).toDoubles();
        boolean any = Arrays.stream(gradient).anyMatch(g -> g != 0);
        boolean ofEnergy = parameter.name().startsWith("energy.");
        assertEquals(!ofEnergy || trained, any, parameter.name());
      }
    }
  }

  /**
   * With the energy net at a constant, log p says nothing: what is left is the gradient of log q.
   */
  @Test
  void theProposalIsFittedByItsOwnLikelihoodAlone() {
    Dataset data = Machines.parabola(120);
    double[][] heads = new double[2][];
    for (int i = 0; i < 2; i++) {
      AemConfig config = Machines.config("warm-up", i == 0 ? 1_000_000 : 0);
      ParameterStore store = Machines.store(Machines.DOUBLE);
      AemNets nets = Machines.nets(config, 2, 0, store);
      Standardiser standardiser = Standardiser.fit(data);
      AemScoring scoring = new AemScoring(Machines.DOUBLE, nets, standardiser);
      AemObjective objective =
          new AemObjective(config, nets, scoring, standardiser, data, data, new Seed(1));
      Share share = new Share(first(100), 0, 100, 0, 0, 1000, new Seed(2));
      int each = config.energy().codeSize() + nets.proposal().outputs();
      try (Tape tape = Machines.DOUBLE.newTape(Tape.Mode.FIRST_ORDER)) {
        tape.backward(objective.loss(tape, share));
        Parameter bias =
            store.trainable().stream()
                .filter(p -> p.name().equals("masked.trunk.last.bias"))
                .findFirst()
                .orElseThrow();
        double[] gradient = tape.engine().hostView(tape.gradient(bias)).toDoubles();
        heads[i] =
            java.util.stream.IntStream.range(0, gradient.length)
                .filter(k -> k % each >= config.energy().codeSize())
                .mapToDouble(k -> gradient[k])
                .toArray();
      }
    }
    // The loss is the mean of both halves once the energy counts.
    for (int k = 0; k < heads[0].length; k++) {
      assertEquals(0.5 * heads[0][k], heads[1][k], 1e-12);
    }
  }

  @Test
  void contextsWeightsDropoutAndTrunksWork() {
    SplittableRandom random = new SplittableRandom(4);
    int n = 800;
    double[] x = new double[n];
    double[] c = new double[n];
    double[] w = new double[n];
    for (int i = 0; i < n; i++) {
      c[i] = random.nextGaussian();
      boolean outlier = i % 4 == 0;
      x[i] = outlier ? 9 : 3 * c[i] + 0.5 * random.nextGaussian();
      w[i] = outlier ? 0 : 1;
    }
    Rows rows =
        new Rows(
            new Matrix(n, 1, x),
            new Matrix(n, 1, c),
            org.thalweg.api.data.Noise.NONE,
            java.util.Optional.of(w),
            java.util.Optional.empty());
    Dataset data = new Dataset(new Schema(List.of(Column.feature("x"), Column.context("c"))), rows);
    AemConfig config =
        Machines.config(
            "dropout",
            0.1,
            "separate-trunks",
            true,
            "defensive",
            0.1,
            "epochs",
            60,
            "energy-unit",
            "tanh");
    try (AemModel model = Machines.fit(config, data, Machines.SINGLE)) {
      double[] fits = scores(model, "exact", at(3, 1));
      double[] misfits = scores(model, "exact", at(3, -1));
      double[] outliers = scores(model, "exact", at(9, 1));
      assertTrue(fits[0] > misfits[0] + 3, fits[0] + " against " + misfits[0]);
      assertTrue(fits[0] > outliers[0] + 3, fits[0] + " against " + outliers[0]);
      Matrix drawn = model.sample(300, Matrix.of(new double[] {1}, new double[] {-1}), new Seed(1));
      assertEquals(3, Machines.mean(drawn.slice(0, 300).column(0)), 0.6);
      assertEquals(-3, Machines.mean(drawn.slice(300, 600).column(0)), 0.6);
    }
  }

  private static Rows at(double x, double c) {
    return Rows.of(Matrix.of(new double[] {x}), Matrix.of(new double[] {c}));
  }

  @Test
  void twoThreadsScoreTheSameBits() {
    Dataset data = Machines.parabola(400);
    try (Engine two = Engines.open("cpu", new EngineOptions(2, DataType.FLOAT32));
        AemModel one = Machines.fit(Machines.config("epochs", 2), data, Machines.SINGLE);
        AemModel again = Machines.fit(Machines.config("epochs", 2), data, two);
        AemModel third = Machines.fit(Machines.config("epochs", 2), data, two)) {
      Rows rows = data.rows();
      assertArrayEquals(scores(again, "estimate", rows), scores(third, "estimate", rows));
      assertEquals(
          Machines.mean(scores(one, "exact", rows)),
          Machines.mean(scores(again, "exact", rows)),
          0.1);
    }
  }

  /** Interrupted while the proposal warms up, and after. */
  @ParameterizedTest
  @ValueSource(longs = {4, 20})
  void anInterruptedFitGoesOnBitForBit(long at, @TempDir Path directory) {
    Dataset data = Machines.parabola(400);
    AemConfig config =
        Machines.config("epochs", 10, "dropout", 0.1, "warm-up", 8, "checkpoint-seconds", 0);
    var checkpoints = new CheckpointFile(directory.resolve("fit"), true, Machines.REGISTRY);
    FitOptions options = FitOptions.seed(4).withCheckpoints(checkpoints);
    long[] steps = {0};
    FitListener stopping =
        new FitListener() {
          @Override
          public void on(FitEvent event) {
            steps[0] = event instanceof FitEvent.Stepped stepped ? stepped.step() : steps[0];
          }

          @Override
          public boolean interrupted() {
            return steps[0] == at;
          }
        };
    ThalwegException stopped =
        assertThrows(
            ThalwegException.class,
            () -> Machines.fit(config, data, options, stopping, Machines.SINGLE));
    assertEquals(ExitCode.INTERRUPTED, stopped.exitCode());
    try (AemModel resumed =
            Machines.fit(config, data, options, FitListener.SILENT, Machines.SINGLE);
        AemModel whole =
            Machines.fit(config, data, FitOptions.seed(4), FitListener.SILENT, Machines.SINGLE)) {
      for (String density : List.of("estimate", "kde", "proposal")) {
        assertArrayEquals(
            scores(whole, density, data.rows()), scores(resumed, density, data.rows()), density);
      }
    }
  }

  @Test
  void aTimeLimitEndsTheFit() {
    AemConfig config = Machines.config("epochs", 100_000);
    FitOptions options = FitOptions.seed(1).withTimeLimit(Duration.ofMillis(700));
    long start = System.nanoTime();
    try (AemModel model =
        Machines.fit(
            config, Machines.parabola(500), options, FitListener.SILENT, Machines.SINGLE)) {
      assertTrue((System.nanoTime() - start) * 1e-9 < 30);
      assertTrue(model.card().metrics().get("steps") > 0);
    }
  }

  @Test
  void withoutValidationRowsTheKernelIsCautiousAndTheFitWarns() {
    FitOptions options = FitOptions.seed(1).withSplit(new Split(1, 0, 0));
    AemConfig config = Machines.config("epochs", 2);
    List<String> warnings = new ArrayList<>();
    FitListener listener =
        event -> {
          if (event instanceof FitEvent.Warned warned) {
            warnings.add(warned.message());
          }
        };
    try (AemModel model =
        Machines.fit(config, Machines.parabola(200), options, listener, Machines.SINGLE)) {
      Rows rows = Machines.parabola(200).rows();
      assertTrue(Arrays.stream(scores(model, "kde", rows)).allMatch(Double::isFinite));
    }
    assertTrue(
        warnings.stream().anyMatch(w -> w.contains("no validation rows")), warnings.toString());
  }
}
