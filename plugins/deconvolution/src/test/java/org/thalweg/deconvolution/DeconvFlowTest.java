package org.thalweg.deconvolution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Noise;
import org.thalweg.api.data.Rows;
import org.thalweg.api.data.Schema;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.LatentPosterior;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Split;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.model.CheckpointFile;

class DeconvFlowTest {
  private static final Seed SEED = new Seed(2);
  private static Dataset data;
  private static DeconvFlowModel model;

  private static DeconvFlowConfig config(Object... more) {
    Object[] all = {
      "prior", "nsf-coupling",
      "prior.layers", 2,
      "prior.hidden", 16,
      "recognition.layers", 2,
      "recognition.hidden", 16,
      "recognition.embedding", 8,
      "samples", 8,
      "scoring-samples", 200,
      "proposals", 4000,
      "epochs", 12,
      "batch-size", 100,
      "learning-rate", 5e-3,
      "averaging", 0.98
    };
    Object[] joined = Arrays.copyOf(all, all.length + more.length);
    System.arraycopy(more, 0, joined, all.length, more.length);
    return Setups.flow(joined);
  }

  private static DeconvFlowModel fit(DeconvFlowConfig config, Dataset table) {
    return new DeconvFlowProvider()
        .create(config, Setups.context(Setups.SINGLE))
        .fit(table, FitOptions.seed(1), FitListener.SILENT);
  }

  /** A thin ridge about y = x with missing values, and correlated errors of each row's own. */
  private static Dataset plane(int n, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] w = new double[2 * n];
    double[] s = new double[4 * n];
    for (int i = 0; i < n; i++) {
      double a = 0.2 + 0.8 * random.nextDouble();
      double b = 0.2 + 0.8 * random.nextDouble();
      double r = 0.8 * (2 * random.nextDouble() - 1);
      double e = random.nextGaussian();
      double v = 2 * random.nextGaussian();
      w[2 * i] = 10 + v + a * e;
      w[2 * i + 1] =
          v
              + 0.3 * random.nextGaussian()
              + b * (r * e + Math.sqrt(1 - r * r) * random.nextGaussian());
      if (random.nextInt(5) == 0) {
        w[2 * i + random.nextInt(2)] = Double.NaN;
      }
      double[] own = {a * a, r * a * b, r * a * b, b * b};
      System.arraycopy(own, 0, s, 4 * i, 4);
    }
    return Setups.noisy(new Matrix(n, 2, w), new Noise.Full(new Matrix(n, 4, s)));
  }

  @BeforeAll
  static void fit() {
    data = plane(3000, 1);
    model = fit(config(), data);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static double[] latent(Matrix at) {
    return model.logDensity(model.density("latent"), Rows.of(at), SEED).values();
  }

  /** p(v) on a grid of cells about where the rows are. */
  private record Grid(Matrix points, double[] density, double cell) {
    static Grid of(int side) {
      double[] points = new double[2 * side * side];
      for (int i = 0; i < side * side; i++) {
        points[2 * i] = 10 - 12 + 24 * (i % side + 0.5) / side;
        points[2 * i + 1] = -12 + 24 * (i / side + 0.5) / side;
      }
      Matrix at = new Matrix(side * side, 2, points);
      return new Grid(
          at, Arrays.stream(latent(at)).map(Math::exp).toArray(), 24.0 * 24 / side / side);
    }
  }

  @Test
  void theLatentDensityIsOne() {
    Grid grid = Grid.of(400);
    assertEquals(1, Arrays.stream(grid.density()).sum() * grid.cell(), 2e-3);
  }

  /**
   * The bound with many draws, and the posterior's moments, against sums over a grid of p(v) times
   * the Gaussian density of the errors of the observed features.
   */
  @Test
  void observedAndThePosteriorAreThoseOfTheConvolution() {
    Grid grid = Grid.of(400);
    Rows some = data.rows().slice(0, 30);
    LogDensity.Scores scores = model.logDensity(model.density("observed:4000"), some, SEED);
    LatentPosterior.Draws draws = model.denoise(some, 50, SEED);
    int missing = 0;
    for (int row = 0; row < 30; row++) {
      double[] w = some.features().row(row);
      double[] s = ((Noise.Full) some.noise()).covariances().row(row);
      missing += Double.isNaN(w[0]) || Double.isNaN(w[1]) ? 1 : 0;
      double[] sums = new double[5];
      for (int i = 0; i < grid.density().length; i++) {
        double x = grid.points().get(i, 0);
        double y = grid.points().get(i, 1);
        double p = grid.density()[i] * grid.cell() * errors(w[0] - x, w[1] - y, s);
        double[] terms = {p, p * x, p * x * x, p * y, p * y * y};
        for (int t = 0; t < 5; t++) {
          sums[t] += terms[t];
        }
      }
      double error = scores.standardErrors().orElseThrow()[row];
      assertTrue(error < 0.1, "an error that says something: " + error);
      assertEquals(Math.log(sums[0]), scores.values()[row], 5 * error + 2e-3, "row " + row);
      for (int j = 0; j < 2; j++) {
        double mean = sums[1 + 2 * j] / sums[0];
        double sd = Math.sqrt(sums[2 + 2 * j] / sums[0] - mean * mean);
        assertEquals(mean, draws.means().get(row, j), 0.15 * sd);
        assertEquals(sd, draws.standardDeviations().get(row, j), 0.15 * sd);
      }
      double effective = draws.effectiveSampleSizes()[row];
      assertTrue(effective >= 1 && effective <= 50, "effective samples " + effective);
    }
    assertTrue(missing > 2, "rows with a missing feature are among them");
  }

  private static double errors(double x, double y, double[] s) {
    if (Double.isNaN(x)) {
      return Setups.normal(y, 0, s[3]);
    }
    if (Double.isNaN(y)) {
      return Setups.normal(x, 0, s[0]);
    }
    double det = s[0] * s[3] - s[1] * s[1];
    double q = (s[3] * x * x - 2 * s[1] * x * y + s[0] * y * y) / det;
    return Math.exp(-0.5 * q) / (2 * Math.PI * Math.sqrt(det));
  }

  /** Behind the errors the ridge is 0.3 wide; with them it is about 0.9. */
  @Test
  void samplesAreSharperThanTheRows() {
    Matrix drawn = model.sample(4000, Matrix.zeros(1, 0), SEED);
    double across = spread(drawn);
    int[] whole =
        IntStream.range(0, data.size()).filter(i -> data.rows().features().finite(i)).toArray();
    double noisy = spread(data.rows().features().select(whole));
    assertTrue(across < 0.7 * noisy, across + " against " + noisy + " with noise");
  }

  private static double spread(Matrix rows) {
    double[] across =
        IntStream.range(0, rows.rows())
            .mapToDouble(i -> rows.get(i, 0) - 10 - rows.get(i, 1))
            .toArray();
    double mean = Setups.mean(across);
    return Math.sqrt(
        Arrays.stream(across).map(v -> (v - mean) * (v - mean)).average().orElseThrow());
  }

  @Test
  void rowsOfTheSamplesHaveTheLatentDensity() {
    Grid grid = Grid.of(300);
    Matrix drawn = model.sample(20_000, Matrix.zeros(1, 0), new Seed(9));
    double below = Arrays.stream(drawn.column(0)).filter(x -> x < 10).count() / 20_000.0;
    double mass = 0;
    for (int i = 0; i < grid.density().length; i++) {
      mass += grid.points().get(i, 0) < 10 ? grid.density()[i] * grid.cell() : 0;
    }
    assertEquals(mass, below, 5 * Math.sqrt(0.25 / 20_000));
  }

  @Test
  void moreDrawsAreAskedForByName() {
    Rows some = data.rows().slice(0, 200);
    double few = Setups.mean(scores("observed:2", some));
    double many = Setups.mean(scores("observed:2000", some));
    assertTrue(few < many, "a bound of 2 draws, " + few + ", is looser than " + many);
    ThalwegException refusal =
        assertThrows(ThalwegException.class, () -> model.density("observed:one"));
    assertTrue(refusal.getMessage().contains("'one'"), refusal.getMessage());
  }

  private static double[] scores(String density, Rows rows) {
    return model.logDensity(model.density(density), rows, SEED).values();
  }

  @Test
  void whatIsMissingHasNoLatentDensity() {
    double[] values = latent(Matrix.of(new double[] {10, 0}, new double[] {Double.NaN, 0}));
    assertTrue(Double.isFinite(values[0]));
    assertTrue(Double.isNaN(values[1]));
    boolean[] usable =
        model
            .screen(
                Rows.of(
                    Matrix.of(
                        new double[] {10, 0},
                        new double[] {Double.NaN, 0},
                        new double[] {Double.POSITIVE_INFINITY, 0})))
            .usable();
    assertArrayEquals(new boolean[] {true, true, false}, usable, "without errors");
    double[] s = {1, 0, 0, 1};
    double nan = Double.NaN;
    boolean[] noisy =
        model
            .screen(
                Setups.rows(
                    Matrix.of(
                        new double[] {10, nan}, new double[] {nan, nan}, new double[] {10, 0}),
                    new Noise.Full(Matrix.of(s, s, new double[] {1, 2, 2, 1}))))
            .usable();
    assertArrayEquals(new boolean[] {true, false, false}, noisy);
  }

  @ParameterizedTest
  @ValueSource(strings = {"laplace", "student-t"})
  void otherNoiseIsTakenByName(String noise) {
    SplittableRandom random = new SplittableRandom(3);
    double[] w = new double[600];
    for (int i = 0; i < 600; i++) {
      double u = random.nextDouble() - 0.5;
      w[i] = random.nextGaussian() - Math.signum(u) * Math.log1p(-2 * Math.abs(u)) / Math.sqrt(2);
    }
    Dataset table = Dataset.of(new Matrix(600, 1, w));
    try (DeconvFlowModel own =
        fit(config("noise", noise, "noise-sd", "1", "epochs", 3, "objective", "elbo"), table)) {
      // Against the convolution by Simpson's rule.
      double[] at = {0, 1.5, -3};
      LogDensity.Scores scores =
          own.logDensity(own.density("observed:20000"), Rows.of(new Matrix(3, 1, at)), SEED);
      double[] grid = IntStream.rangeClosed(0, 3000).mapToDouble(i -> -15 + 0.01 * i).toArray();
      double[] latent =
          own.logDensity(own.density("latent"), Rows.of(new Matrix(grid.length, 1, grid)), SEED)
              .values();
      for (int row = 0; row < 3; row++) {
        double sum = 0;
        for (int i = 0; i < grid.length; i++) {
          double weight = (i == 0 || i == 3000 ? 1 : i % 2 == 0 ? 2 : 4) * 0.01 / 3;
          sum += weight * Math.exp(latent[i]) * density(noise, at[row] - grid[i]);
        }
        double error = scores.standardErrors().orElseThrow()[row];
        assertEquals(Math.log(sum), scores.values()[row], 5 * error + 2e-3);
      }
    }
  }

  private static double density(String noise, double x) {
    double constant = 945 * Math.sqrt(Math.PI) / 32 / 24 / Math.sqrt(10 * Math.PI);
    return noise.equals("laplace")
        ? Math.exp(-Math.sqrt(2) * Math.abs(x)) / Math.sqrt(2)
        : constant * Math.pow(1 + x * x / 10, -5.5);
  }

  @Test
  void contextsReachThePriorAndTheRecognitionNet() {
    SplittableRandom random = new SplittableRandom(4);
    int n = 1500;
    double[] w = new double[n];
    double[] c = new double[n];
    for (int i = 0; i < n; i++) {
      c[i] = random.nextGaussian();
      w[i] = 3 * c[i] + 0.5 * random.nextGaussian() + 0.5 * random.nextGaussian();
    }
    Dataset table =
        new Dataset(
            new Schema(java.util.List.of(Column.feature("x"), Column.context("c"))),
            Rows.of(new Matrix(n, 1, w), new Matrix(n, 1, c)));
    try (DeconvFlowModel own = fit(config("noise-sd", "0.5"), table)) {
      Matrix contexts = Matrix.of(new double[] {1}, new double[] {-1});
      Matrix drawn = own.sample(500, contexts, SEED);
      assertEquals(3, Setups.mean(drawn.slice(0, 500).column(0)), 0.3);
      assertEquals(-3, Setups.mean(drawn.slice(500, 1000).column(0)), 0.3);
      Rows one = Rows.of(Matrix.of(new double[] {2}), Matrix.of(new double[] {1}));
      // N(2; 3, 0.25) times N(v; 3, 0.25) has its mean half way.
      assertEquals(2.5, own.denoise(one, 100, SEED).means().get(0, 0), 0.2);
    }
  }

  @Test
  void aFitGoesOnFromItsCheckpointBitForBit(@TempDir Path directory) {
    Dataset table = plane(300, 5);
    DeconvFlowConfig config =
        config("epochs", 4, "pretrain-prior", 3, "pretrain-posterior", 3, "scoring-samples", 50);
    var estimator = new DeconvFlowProvider().create(config, Setups.context(Setups.SINGLE));
    double[] whole;
    try (DeconvFlowModel own = estimator.fit(table, FitOptions.seed(1), FitListener.SILENT)) {
      whole = own.sample(20, Matrix.zeros(1, 0), SEED).values();
    }
    FitListener impatient = Setups.impatient(5);
    Path file = directory.resolve("state");
    FitOptions first =
        FitOptions.seed(1).withCheckpoints(new CheckpointFile(file, false, Setups.REGISTRY));
    assertThrows(ThalwegException.class, () -> estimator.fit(table, first, impatient));
    FitOptions second =
        FitOptions.seed(1).withCheckpoints(new CheckpointFile(file, true, Setups.REGISTRY));
    try (DeconvFlowModel own = estimator.fit(table, second, FitListener.SILENT)) {
      assertArrayEquals(whole, own.sample(20, Matrix.zeros(1, 0), SEED).values());
    }
  }

  /** Rows without noise are known here: the prior alone fits them before anything else does. */
  @Test
  void pretrainingOnNoiseFreeRowsFitsThem() {
    Setups.TwoPeaks peaks = Setups.TwoPeaks.of(2000, 0.7);
    DeconvFlowConfig config =
        config("noise-sd", "0.7", "pretrain-prior", 600, "learning-rate", 5e-3, "steps", 1);
    Matrix clean = peaks.clean();
    FitOptions all = FitOptions.seed(1).withSplit(new Split(1, 0, 0));
    DeconvFlow estimator = new DeconvFlowProvider().create(config, Setups.context(Setups.SINGLE));
    Dataset table = peaks.noisy();
    try (DeconvFlowModel known = estimator.pretrainedOn(clean).fit(table, all, FitListener.SILENT);
        DeconvFlowModel noisy = estimator.fit(table, all, FitListener.SILENT)) {
      double entropy = Math.log(2) + 0.5 * Math.log(2 * Math.PI * Math.E * 0.01);
      double sharp = mean(known, clean);
      double broad = mean(noisy, clean);
      assertTrue(sharp > -entropy - 0.25, sharp + " of " + -entropy);
      assertTrue(broad < sharp - 0.3, "trained on noisy rows: " + broad);
    }
    ThalwegException refusal =
        assertThrows(
            ThalwegException.class,
            () -> estimator.pretrainedOn(clean.slice(0, 3)).fit(table, all, FitListener.SILENT));
    assertTrue(refusal.getMessage().contains("got 3 of 1"), refusal.getMessage());
  }

  /** The mixture sees through the noise, and the flow begins where it ends. */
  @Test
  void pretrainingOnMixtureFitsItsDraws() {
    Setups.TwoPeaks peaks = Setups.TwoPeaks.of(2000, 0.4);
    Dataset table = peaks.noisy();
    Matrix clean = peaks.clean();
    Object[] steps = {
      "noise-sd", "0.4", "pretrain-prior", 800, "pretrain-posterior", 200, "steps", 1
    };
    Object[] more = Arrays.copyOf(steps, steps.length + 2);
    more[steps.length] = "pretrain-on";
    more[steps.length + 1] = "mixture";
    XdGmmConfig xd = Setups.mixture("noise-sd", "0.4");
    try (DeconvFlowModel on = fit(config(more), table);
        DeconvFlowModel off = fit(config(steps), table);
        XdGmmModel mixture =
            new XdGmm("xd-gmm", xd, Setups.SINGLE)
                .fit(table, FitOptions.seed(1), FitListener.SILENT)) {
      double[] exact = mixture.logDensity(mixture.density("latent"), Rows.of(clean), SEED).values();
      double sharp = mean(on, clean);
      double broad = mean(off, clean);
      assertEquals(Setups.mean(exact), sharp, 0.1);
      assertTrue(broad < sharp - 0.2, "trained on noisy rows: " + broad + ", " + sharp);
    }
  }

  @Test
  void pretrainingOnMixtureSaysWhatItNeeds() {
    Dataset table = Dataset.of(new Matrix(4, 1, new double[] {1, 2, 3, 4}));
    ThalwegException idle =
        assertThrows(
            ThalwegException.class,
            () -> fit(config("noise-sd", "0.4", "pretrain-on", "mixture"), table));
    assertEquals(ExitCode.USAGE, idle.exitCode());
    assertTrue(idle.getMessage().contains("give pretrain-prior"), idle.getMessage());
  }

  private static double mean(DeconvFlowModel own, Matrix rows) {
    return Setups.mean(own.logDensity(own.density("latent"), Rows.of(rows), SEED).values());
  }

  @Test
  void badInputIsRefused() {
    refused("are in none", config(), Dataset.of(data.rows().features()));
    refused("takes a density over real numbers", Setups.flow("prior", "uniform"), data);
    double[] broken = ((Noise.Full) data.rows().noise()).covariances().values().clone();
    broken[4 * 7 + 3] = -1;
    Dataset negative =
        new Dataset(
            data.schema(),
            new Rows(
                data.rows().features(),
                data.rows().context(),
                new Noise.Full(new Matrix(data.size(), 4, broken)),
                Optional.empty(),
                Optional.empty()));
    refused("Row 8: the variance of the error of 'x1' is negative", config(), negative);
  }

  private static void refused(String part, DeconvFlowConfig config, Dataset table) {
    ThalwegException refusal = assertThrows(ThalwegException.class, () -> fit(config, table));
    assertEquals(ExitCode.USAGE, refusal.exitCode());
    assertTrue(refusal.getMessage().contains(part), refusal.getMessage());
  }
}
