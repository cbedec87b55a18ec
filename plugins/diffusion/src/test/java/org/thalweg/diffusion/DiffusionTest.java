package org.thalweg.diffusion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Kind;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Role;
import org.thalweg.api.data.Rows;
import org.thalweg.api.data.Schema;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.Split;
import org.thalweg.api.plugin.PluginOrigin;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.random.Seed;
import org.thalweg.maf.MafPlugin;
import org.thalweg.splines.SplinesPlugin;
import org.thalweg.toolkit.config.ConfigBinder;
import org.thalweg.toolkit.model.CheckpointFile;
import org.thalweg.toolkit.model.ModelFile;

class DiffusionTest {
  private static final Registry REGISTRY =
      Registry.builder()
          .add(new DiffusionPlugin(), new PluginOrigin("diffusion", "0", "test"))
          .add(new MafPlugin(), new PluginOrigin("maf", "0", "test"))
          .add(new SplinesPlugin(), new PluginOrigin("splines", "0", "test"))
          .build();

  private static final Engine ENGINE = Engines.open("cpu", EngineOptions.threads(1));
  private static final Map<String, Object> SMALL =
      Map.of("hidden", 24, "blocks", 1, "epochs", 12, "learning-rate", 5e-3, "batch-size", 100);

  private static DiffusionModel fit(Map<String, Object> more, Dataset data, FitListener listener) {
    Map<String, Object> options = new HashMap<>(SMALL);
    options.putAll(more);
    DiffusionConfig config = ConfigBinder.bind(DiffusionConfig.DEFAULT, options);
    return (DiffusionModel)
        new DiffusionProvider()
            .create(config, new EstimatorContext(ENGINE, REGISTRY))
            .fit(data, options(data), listener);
  }

  /** Equal rows stay together in a split, and integers have few values: all are trained on. */
  private static FitOptions options(Dataset data) {
    boolean one = data.schema().features().size() == 1;
    return one ? FitOptions.seed(1).withSplit(new Split(1, 0, 0)) : FitOptions.seed(1);
  }

  private static DiffusionModel fit(Map<String, Object> more, Dataset data) {
    return fit(more, data, FitListener.SILENT);
  }

  /** Correlated columns in units of their own, the second one bounded. */
  private static Dataset table(int rows) {
    SplittableRandom random = new SplittableRandom(2);
    double[] x = new double[2 * rows];
    for (int i = 0; i < rows; i++) {
      double a = random.nextGaussian();
      x[2 * i] = 50 + 10 * a;
      x[2 * i + 1] = 4 / (1 + Math.exp(-a - random.nextGaussian()));
    }
    Column bounded = new Column("b", Role.FEATURE, new Kind.Bounded(0, 4), OptionalDouble.empty());
    return new Dataset(
        new Schema(List.of(Column.feature("a"), bounded)), Rows.of(new Matrix(rows, 2, x)));
  }

  private static double[] values(DiffusionModel model, String density, Rows rows) {
    return model.logDensity(model.density(density), rows, new Seed(3)).values();
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  @Test
  void everyCapabilityAgreesWithTheDensity() {
    Dataset data = table(600);
    DiffusionConfig config = ConfigBinder.bind(DiffusionConfig.DEFAULT, SMALL);
    FitOptions all = FitOptions.seed(1).withSplit(new Split(1, 0, 0));
    try (DiffusionModel model =
        (DiffusionModel)
            new DiffusionProvider()
                .create(config, new EstimatorContext(ENGINE, REGISTRY))
                .fit(data, all, FitListener.SILENT)) {
      Rows rows = Rows.of(data.rows().features().slice(0, 100));
      double[] ode = values(model, "ode", rows);
      LogDensity.Scores bound = model.logDensity(model.density("sde-bound"), rows, new Seed(3));
      LogDensity.Scores sliced =
          model.logDensity(model.density("sde-bound-sliced"), rows, new Seed(3));
      double error = 0;
      for (int i = 0; i < 100; i++) {
        error +=
            (Math.pow(bound.standardErrors().orElseThrow()[i], 2)
                    + Math.pow(sliced.standardErrors().orElseThrow()[i], 2))
                / 1e4;
      }
      // Two estimates of one bound; and of a fair fit the two models are close.
      assertEquals(mean(bound.values()), mean(sliced.values()), 5 * Math.sqrt(error));
      assertEquals(mean(ode), mean(bound.values()), 0.3);
      Matrix there = model.encode(rows);
      assertArrayEquals(there.values(), model.toNoise(rows).values());
      Matrix back = model.decode(there, Matrix.zeros(100, 0));
      for (int i = 0; i < 100; i++) {
        assertEquals(rows.features().get(i, 0), back.get(i, 0), 1e-2, "10 units are one deviation");
        assertEquals(rows.features().get(i, 1), back.get(i, 1), 1e-3);
      }
      scoreIsInTheUsersUnits(model, data);
    }
  }

  /**
   * At the end all is noise: the score is that of a standard normal number, through the map from
   * the user's units, here written down again.
   */
  private static void scoreIsInTheUsersUnits(DiffusionModel model, Dataset data) {
    double[] row = {55, 2.5};
    Matrix score = model.score(Rows.of(Matrix.of(row)), 1);
    for (int j = 0; j < 2; j++) {
      int column = j;
      double[] line =
          Arrays.stream(data.rows().features().column(j)).map(v -> unbounded(column, v)).toArray();
      double mean = mean(line);
      double deviation =
          Math.sqrt(
              Arrays.stream(line).map(v -> (v - mean) * (v - mean)).sum() / (line.length - 1));
      double h = 1e-5;
      double[] logs = new double[2];
      for (int k = 0; k < 2; k++) {
        double x = row[j] + (2 * k - 1) * h;
        double z = (unbounded(j, x) - mean) / deviation;
        double slope = (unbounded(j, x + h) - unbounded(j, x - h)) / (2 * h * deviation);
        logs[k] = -0.5 * z * z + Math.log(slope);
      }
      double expected = (logs[1] - logs[0]) / (2 * h);
      assertEquals(expected, score.get(0, j), 0.02 * Math.max(0.5, Math.abs(expected)), "" + j);
    }
    Rows rows = Rows.of(Matrix.of(row));
    assertThrows(ThalwegException.class, () -> model.score(rows, 1.5));
    assertThrows(ThalwegException.class, () -> model.score(rows, Double.NaN));
  }

  private static double unbounded(int column, double x) {
    return column == 0 ? x : Math.log(x / (4 - x));
  }

  @Test
  void everySamplerDrawsInTheUsersUnits() {
    try (DiffusionModel model = fit(Map.of(), table(600))) {
      for (SamplingConfig.Method method : SamplingConfig.Method.values()) {
        Matrix drawn = model.sample(method, 200, 1000, Matrix.zeros(1, 0), new Seed(4));
        assertEquals(50, mean(drawn.column(0)), 2, method.name());
        assertTrue(Arrays.stream(drawn.column(1)).allMatch(v -> v > 0 && v < 4), method.name());
        assertArrayEquals(
            drawn.values(),
            model.sample(method, 200, 1000, Matrix.zeros(1, 0), new Seed(4)).values());
      }
    }
  }

  @Test
  void estimatedTracesSayTheirError() {
    try (DiffusionModel model = fit(Map.of("trace", "rademacher", "probes", 8), table(300));
        DiffusionModel exact = fit(Map.of("trace", "exact"), table(300))) {
      assertTrue(model.densities().get(0).stochastic());
      assertTrue(!exact.densities().get(0).stochastic());
      Rows rows = Rows.of(table(300).rows().features().slice(0, 60));
      LogDensity.Scores estimated = model.logDensity(model.density("ode"), rows, new Seed(5));
      double[] truth = values(exact, "ode", rows);
      double[] errors = estimated.standardErrors().orElseThrow();
      double z = 0;
      for (int i = 0; i < 60; i++) {
        z += Math.pow((estimated.values()[i] - truth[i]) / errors[i], 2) / 60;
      }
      // Student's t of 7 degrees of freedom has a variance of 1.4.
      assertTrue(z > 0.5 && z < 3, "mean square of the errors over what is said: " + z);
    }
  }

  private static Dataset integers(boolean declared) {
    SplittableRandom random = new SplittableRandom(6);
    double[] x = new double[800];
    Arrays.setAll(x, i -> Math.rint(8.3 + 0.5 * random.nextGaussian()));
    Column column =
        new Column(
            "n",
            Role.FEATURE,
            declared ? new Kind.IntegerValued() : Kind.REAL,
            OptionalDouble.empty());
    return new Dataset(new Schema(List.of(column)), Rows.of(new Matrix(800, 1, x)));
  }

  @Test
  void anIntegerColumnDeclaredContinuousIsWarnedOf() {
    List<String> warnings = new ArrayList<>();
    FitListener listener =
        event -> {
          if (event instanceof FitEvent.Warned warned) {
            warnings.add(warned.message());
          }
        };
    fit(Map.of("epochs", 1, "patience", 0), integers(false), listener).close();
    assertEquals(1, warnings.size(), warnings.toString());
    assertTrue(warnings.get(0).contains("'n'") && warnings.get(0).contains("kind integer"));
    warnings.clear();
    fit(Map.of("epochs", 1, "patience", 0), integers(true), listener).close();
    assertEquals(List.of(), warnings);
  }

  @Test
  void whatCannotBeIsRefused() {
    ThalwegException tight =
        assertThrows(ThalwegException.class, () -> fit(Map.of("tolerance", 1e-9), table(300)));
    assertTrue(tight.getMessage().contains("single precision"), tight.getMessage());
    ThalwegException poor =
        assertThrows(
            ThalwegException.class, () -> fit(Map.of("evaluations", 10, "epochs", 1), table(300)));
    assertTrue(poor.getMessage().contains("10 evaluations") || poor.getMessage().contains("(10)"));
    ThalwegException order =
        assertThrows(ThalwegException.class, () -> fit(Map.of("beta-min", 30), table(300)));
    assertTrue(order.getMessage().contains("beta-min (30.0)"), order.getMessage());
    ThalwegException rounded =
        assertThrows(
            ThalwegException.class, () -> fit(Map.of("dequantise", "variational"), table(300)));
    assertTrue(rounded.getMessage().contains("'a'"), rounded.getMessage());
    try (DiffusionModel model = fit(Map.of("epochs", 1), table(300))) {
      assertThrows(ThalwegException.class, () -> model.density("exact"));
      assertThrows(ThalwegException.class, () -> model.encode(Rows.of(Matrix.zeros(2, 3))));
      assertEquals(3, model.densities().size(), "nothing has a probability");
      int many = 2_000_000_000;
      assertThrows(
          ThalwegException.class, () -> model.sample(many, Matrix.zeros(1, 0), new Seed(1)));
      assertThrows(
          ThalwegException.class, () -> model.decode(Matrix.zeros(3, 2), Matrix.zeros(1, 0)));
    }
  }

  /** The masses of all integers add up to at most 1, and to nearly 1. */
  @Test
  void massesOfIntegersAreProbabilities() {
    for (String noise : List.of("uniform", "variational")) {
      Map<String, Object> options =
          Map.of("dequantise", noise, "dequantiser-steps", 60, "draws", 64, "epochs", 40);
      try (DiffusionModel model = fit(options, integers(true))) {
        double[] all = new double[21];
        Arrays.setAll(all, i -> i);
        Rows rows = Rows.of(new Matrix(21, 1, all));
        LogDensity.Named mass = model.density("ode-mass");
        assertEquals(LogDensity.Measure.MASS, mass.measure());
        assertEquals(LogDensity.Relation.LOWER, mass.relation());
        double[] logs = model.logDensity(mass, rows, new Seed(7)).values();
        double sum = Arrays.stream(logs).map(Math::exp).sum();
        assertTrue(sum < 1.02 && sum > 0.7, noise + ": masses add up to " + sum);
        // However the command spread them, they are put back.
        double[] spread = all.clone();
        Arrays.setAll(spread, i -> all[i] + 0.4 * Math.sin(i));
        assertArrayEquals(
            logs, model.logDensity(mass, Rows.of(new Matrix(21, 1, spread)), new Seed(7)).values());
      }
    }
  }

  /** An interrupted fit that goes on, in either of its trainings, ends in the same bits. */
  @Test
  void aFitGoesOnWhereItWas(@TempDir Path directory) {
    Map<String, Object> options = new HashMap<>(SMALL);
    options.putAll(
        Map.of(
            "dequantise",
            "variational",
            "dequantiser-steps",
            30,
            "epochs",
            5,
            "checkpoint-seconds",
            0,
            "validate-every",
            3,
            "judged",
            20));
    DiffusionConfig config = ConfigBinder.bind(DiffusionConfig.DEFAULT, options);
    EstimatorContext context = new EstimatorContext(ENGINE, REGISTRY);
    var estimator = new DiffusionProvider().create(config, context);
    Rows rows = Rows.of(integers(true).rows().features().slice(0, 20));
    double[] whole;
    try (Model model = estimator.fit(integers(true), options(integers(true)), FitListener.SILENT)) {
      whole = values((DiffusionModel) model, "sde-bound-mass", rows);
    }
    for (int stop : new int[] {8, 45}) {
      Path file = directory.resolve("checkpoint" + stop);
      FitOptions kept =
          options(integers(true)).withCheckpoints(new CheckpointFile(file, true, REGISTRY));
      ThalwegException interrupted =
          assertThrows(
              ThalwegException.class, () -> estimator.fit(integers(true), kept, after(stop)));
      assertTrue(interrupted.getMessage().contains("checkpoint was kept"));
      try (Model model = estimator.fit(integers(true), kept, FitListener.SILENT)) {
        assertArrayEquals(whole, values((DiffusionModel) model, "sde-bound-mass", rows), "" + stop);
        Path saved = directory.resolve("model" + stop + ".thalweg");
        ModelFile.save(saved, model, REGISTRY, Map.of());
        try (Model loaded = ModelFile.load(saved, context).model()) {
          assertArrayEquals(whole, values((DiffusionModel) loaded, "sde-bound-mass", rows));
        }
      }
    }
  }

  /** Interrupts after so many steps in all. */
  private static FitListener after(int steps) {
    int[] taken = new int[1];
    return new FitListener() {
      @Override
      public void on(FitEvent event) {
        taken[0] += event instanceof FitEvent.Stepped ? 1 : 0;
      }

      @Override
      public boolean interrupted() {
        return taken[0] >= steps;
      }
    };
  }

  /** Bars that lie or stand, in 4 x 4 pixels of 2 bits. */
  private static Dataset bars(int rows) {
    SplittableRandom random = new SplittableRandom(8);
    double[] x = new double[16 * rows];
    for (int i = 0; i < rows; i++) {
      int place = random.nextInt(4);
      boolean lying = random.nextBoolean();
      for (int p = 0; p < 16; p++) {
        boolean on = (lying ? p / 4 : p % 4) == place;
        x[16 * i + p] = on ? 3 : random.nextInt(2);
      }
    }
    return Dataset.of(new Matrix(rows, 16, x));
  }

  @Test
  void imagesHaveBitsPerDimension() {
    Map<String, Object> options =
        Map.of("height", 4, "width", 4, "bits", 2, "hidden", 16, "epochs", 30, "judged", 40);
    try (DiffusionModel model = fit(options, bars(400))) {
      double bits = model.card().metrics().get("test_bits_per_dimension");
      double nats = model.card().metrics().get("test_log_density");
      assertEquals(-nats / (16 * Math.log(2)), bits, 1e-12);
      // Independent pixels of 7/16, 7/16, 0 and 1/4 have 1.54 bits; pixels without a model 2.
      assertTrue(bits < 1.9, bits + " bits");
      assertEquals(5, model.densities().size());
      Matrix drawn = model.sample(20, Matrix.zeros(1, 0), new Seed(9));
      assertEquals(16, drawn.columns());
      ThalwegException refusal =
          assertThrows(
              ThalwegException.class,
              () -> fit(Map.of("height", 4, "width", 4, "bits", 1), bars(50)));
      assertTrue(refusal.getMessage().contains("is not a pixel of 1 bits"), refusal.getMessage());
    }
  }
}
