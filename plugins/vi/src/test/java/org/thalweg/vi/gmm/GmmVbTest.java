package org.thalweg.vi.gmm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.data.Schema;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.Assignment;
import org.thalweg.api.estimator.Estimator;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.plugin.PluginOrigin;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.infer.Special;
import org.thalweg.toolkit.model.CheckpointFile;
import org.thalweg.toolkit.train.Workers;
import org.thalweg.vi.ViPlugin;

class GmmVbTest {
  private static final Registry REGISTRY =
      Registry.builder().add(new ViPlugin(), new PluginOrigin("test", "1", "memory")).build();

  private static final double ALPHA = 0.2;

  /** Three clusters, the first with half of the rows; the generator of the script. */
  private static double[] rows() {
    long[] state = {31};
    double[][] centres = {{-1.5, 0}, {1, 1}, {1, -1}};
    double[] out = new double[600];
    for (int n = 0; n < 300; n++) {
      double a = 0.3 * normal(state);
      double b = 0.2 * normal(state);
      double[] centre = centres[n % 2 == 0 ? 0 : n % 6 % 3];
      out[2 * n] = centre[0] + a;
      out[2 * n + 1] = centre[1] + b + 0.5 * a;
    }
    return out;
  }

  private static double normal(long[] state) {
    double total = 0;
    for (int i = 0; i < 12; i++) {
      state[0] = state[0] * 6364136223846793005L + 1442695040888963407L;
      total += ((state[0] >>> 11) + 0.5) / 0x1p53;
    }
    return total - 6;
  }

  private static GmmVbConfig config(int components) {
    return new GmmVbConfig(components, ALPHA, 1, 1, 0.5, 3, 2000, 1e-6);
  }

  private static Ascent ascent(Rounds rounds, int... centres) {
    GaussWishart prior = GaussWishart.prior(config(centres.length), 2);
    MixturePosterior start = MixturePosterior.of(rounds.nearest(centres), ALPHA, prior);
    return new Ascent(rounds, ALPHA, prior, start);
  }

  @Test
  void endsWhereScikitLearnDoes() throws IOException {
    try (Workers workers = new Workers(1)) {
      Ascent ascent = ascent(new Rounds(rows(), 2, workers), 0, 1, 5);
      for (int i = 0; i < 3000; i++) {
        ascent.step();
      }
      MixturePosterior q = ascent.posterior();
      Integer[] order = {0, 1, 2};
      Arrays.sort(
          order,
          Comparator.<Integer>comparingDouble(k -> Math.rint(q.components().get(k).mean[0]))
              .thenComparingDouble(k -> q.components().get(k).mean[1]));
      List<double[]> golden = golden();
      for (int i = 0; i < 3; i++) {
        GaussWishart c = q.components().get(order[i]);
        double[] ours = {
          q.alpha()[order[i]],
          c.beta,
          c.nu,
          c.mean[0],
          c.mean[1],
          c.inverseScale[0],
          c.inverseScale[1],
          c.inverseScale[3]
        };
        assertArrayEquals(golden.get(i), ours, 1e-5);
      }
    }
  }

  private static List<double[]> golden() throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                GmmVbTest.class.getResourceAsStream("sklearn.csv"), StandardCharsets.UTF_8))) {
      return reader
          .lines()
          .skip(1)
          .map(line -> Arrays.stream(line.split(",")).skip(1))
          .map(cells -> cells.mapToDouble(Double::parseDouble).toArray())
          .toList();
    }
  }

  /**
   * E_q of log p(x, z, pi, mu, Lambda) - log q, with parameters drawn and densities written out.
   */
  @Test
  void theBoundIsThatOfMonteCarlo() {
    double[] x = Arrays.copyOf(rows(), 60);
    try (Workers workers = new Workers(1)) {
      // Both start in one cluster, so that responsibilities are not yet what made the parameters.
      Ascent ascent = ascent(new Rounds(x, 2, workers), 0, 2);
      MixturePosterior q = ascent.posterior();
      GaussWishart prior = GaussWishart.prior(config(2), 2);
      double[][] r = responsibilities(q, x);
      double entropy = 0;
      for (double[] row : r) {
        for (double p : row) {
          entropy -= p > 0 ? p * Math.log(p) : 0;
        }
      }
      SplittableRandom random = new SplittableRandom(4);
      int draws = 100_000;
      double mean = 0;
      double squares = 0;
      for (int s = 0; s < draws; s++) {
        Drawn drawn = Drawn.from(q, random);
        double value = entropy + drawn.logPrior(prior) - drawn.logPosterior(q);
        for (int n = 0; n < r.length; n++) {
          for (int k = 0; k < 2; k++) {
            value += r[n][k] * drawn.logLikelihood(k, x[2 * n], x[2 * n + 1]);
          }
        }
        double before = value - mean;
        mean += before / (s + 1);
        squares += before * (value - mean);
      }
      double error = Math.sqrt(squares / draws / draws);
      assertEquals(mean, ascent.bound(), 4 * error, "standard error " + error);
      assertTrue(error > 1e-6, "a bound that leaves something to be estimated");
      assertTrue(error < 0.05, "standard error " + error);
    }
  }

  /** Eq. 35 by the paper's own terms. */
  private static double[][] responsibilities(MixturePosterior q, double[] x) {
    double[][] out = new double[x.length / 2][q.size()];
    double total = Arrays.stream(q.alpha()).sum();
    for (int n = 0; n < out.length; n++) {
      double sum = 0;
      for (int k = 0; k < q.size(); k++) {
        GaussWishart c = q.components().get(k);
        double[] w = inverse(c.inverseScale);
        double logDet = 2 * Math.log(2) + Math.log(determinant(w));
        logDet += Special.digamma(c.nu / 2) + Special.digamma((c.nu - 1) / 2);
        double logRho =
            Special.digamma(q.alpha()[k])
                - Special.digamma(total)
                + 0.5 * logDet
                - Math.log(2 * Math.PI)
                - 0.5
                    * (2 / c.beta
                        + c.nu * quadratic(w, x[2 * n] - c.mean[0], x[2 * n + 1] - c.mean[1]));
        out[n][k] = Math.exp(logRho);
        sum += out[n][k];
      }
      for (int k = 0; k < q.size(); k++) {
        out[n][k] /= sum;
      }
    }
    return out;
  }

  private static double determinant(double[] m) {
    return m[0] * m[3] - m[1] * m[2];
  }

  private static double[] inverse(double[] m) {
    double d = determinant(m);
    return new double[] {m[3] / d, -m[1] / d, -m[2] / d, m[0] / d};
  }

  private static double quadratic(double[] m, double a, double b) {
    return m[0] * a * a + (m[1] + m[2]) * a * b + m[3] * b * b;
  }

  /** Parameters of two components in two dimensions. */
  private record Drawn(double[] weights, List<double[]> means, List<double[]> precisions) {
    static Drawn from(MixturePosterior q, SplittableRandom random) {
      double[] weights = new double[q.size()];
      double sum = 0;
      List<double[]> means = new ArrayList<>();
      List<double[]> precisions = new ArrayList<>();
      for (int k = 0; k < weights.length; k++) {
        weights[k] = gamma(q.alpha()[k], random);
        sum += weights[k];
        GaussWishart c = q.components().get(k);
        double[] lambda = wishart(inverse(c.inverseScale), c.nu, random);
        precisions.add(lambda);
        // A normal vector of precision beta Lambda: solve with the factor of Lambda.
        double l00 = Math.sqrt(lambda[0]);
        double l10 = lambda[2] / l00;
        double l11 = Math.sqrt(lambda[3] - l10 * l10);
        double z1 = random.nextGaussian() / l11;
        double z0 = (random.nextGaussian() - l10 * z1) / l00;
        double scale = 1 / Math.sqrt(c.beta);
        means.add(new double[] {c.mean[0] + scale * z0, c.mean[1] + scale * z1});
      }
      for (int k = 0; k < weights.length; k++) {
        weights[k] /= sum;
      }
      return new Drawn(weights, means, precisions);
    }

    /** Bartlett's decomposition. */
    private static double[] wishart(double[] w, double nu, SplittableRandom random) {
      double l00 = Math.sqrt(w[0]);
      double l10 = w[2] / l00;
      double l11 = Math.sqrt(w[3] - l10 * l10);
      double a00 = Math.sqrt(2 * gamma(nu / 2, random));
      double a11 = Math.sqrt(2 * gamma((nu - 1) / 2, random));
      double a10 = random.nextGaussian();
      double b00 = l00 * a00;
      double b10 = l10 * a00 + l11 * a10;
      double b11 = l11 * a11;
      return new double[] {b00 * b00, b00 * b10, b00 * b10, b10 * b10 + b11 * b11};
    }

    /** A sum of exponential and uniform numbers by Johnk's and Ahrens's ways: exact. */
    private static double gamma(double shape, SplittableRandom random) {
      double out = 0;
      double left = shape;
      while (left >= 1) {
        out -= Math.log(1 - random.nextDouble());
        left--;
      }
      if (left > 1e-12) {
        while (true) {
          double u = Math.pow(random.nextDouble(), 1 / left);
          double v = Math.pow(random.nextDouble(), 1 / (1 - left));
          if (u + v <= 1 && u + v > 0) {
            return out - Math.log(1 - random.nextDouble()) * u / (u + v);
          }
        }
      }
      return out;
    }

    double logLikelihood(int k, double a, double b) {
      double[] m = means.get(k);
      return Math.log(weights[k]) + logNormal(precisions.get(k), a - m[0], b - m[1]);
    }

    private static double logNormal(double[] precision, double a, double b) {
      return 0.5 * Math.log(determinant(precision))
          - Math.log(2 * Math.PI)
          - 0.5 * quadratic(precision, a, b);
    }

    double logPrior(GaussWishart prior) {
      double[] alpha = {ALPHA, ALPHA};
      double out = logDirichlet(alpha);
      for (int k = 0; k < 2; k++) {
        out += logGaussWishart(k, prior);
      }
      return out;
    }

    double logPosterior(MixturePosterior q) {
      double out = logDirichlet(q.alpha());
      for (int k = 0; k < 2; k++) {
        out += logGaussWishart(k, q.components().get(k));
      }
      return out;
    }

    private double logDirichlet(double[] alpha) {
      double out = Special.logGamma(alpha[0] + alpha[1]);
      for (int k = 0; k < 2; k++) {
        out += (alpha[k] - 1) * Math.log(weights[k]) - Special.logGamma(alpha[k]);
      }
      return out;
    }

    private double logGaussWishart(int k, GaussWishart of) {
      double[] lambda = precisions.get(k);
      double[] scaled = Arrays.stream(lambda).map(v -> v * of.beta).toArray();
      double gaussian =
          logNormal(scaled, means.get(k)[0] - of.mean[0], means.get(k)[1] - of.mean[1]);
      double[] v = of.inverseScale;
      double trace = v[0] * lambda[0] + 2 * v[1] * lambda[1] + v[3] * lambda[3];
      double logGamma2 =
          0.5 * Math.log(Math.PI) + Special.logGamma(of.nu / 2) + Special.logGamma((of.nu - 1) / 2);
      double wishart =
          (of.nu - 3) / 2 * Math.log(determinant(lambda))
              - trace / 2
              - of.nu * Math.log(2)
              + of.nu / 2 * Math.log(determinant(v))
              - logGamma2;
      return gaussian + wishart;
    }
  }

  /** Eq. 46 by numbers: the integral over the precision of a normal density, in one dimension. */
  @Test
  void thePredictiveDensityIsTheIntegral() {
    GaussWishart one = new GaussWishart(2.5, 3.2, new double[] {0.4}, new double[] {1.7});
    GaussWishart two = new GaussWishart(11, 9.5, new double[] {-1}, new double[] {4});
    MixturePosterior q = new MixturePosterior(new double[] {3, 1.5}, List.of(one, two));
    Predictive predictive = new Predictive(q);
    for (double x : new double[] {-30, -2, 0.1, 0.4, 3}) {
      double expected = (3 * integral(one, x) + 1.5 * integral(two, x)) / 4.5;
      double ours = Special.logSumExp(predictive.logParts(new double[] {x}, 0));
      assertEquals(Math.log(expected), ours, 1e-7, "at " + x);
    }
  }

  /** Over u = log lambda: Gamma(nu / 2, rate W^-1 / 2) times N(m, (1 + 1 / beta) / lambda). */
  private static double integral(GaussWishart c, double x) {
    double shape = c.nu / 2;
    double rate = c.inverseScale[0] / 2;
    double out = 0;
    double step = 1e-3;
    for (double u = -30; u < 8; u += step) {
      double lambda = Math.exp(u);
      double precision = lambda / (1 + 1 / c.beta);
      double away = x - c.mean[0];
      out +=
          step
              * Math.exp(
                  shape * Math.log(rate)
                      - Special.logGamma(shape)
                      + shape * u
                      - rate * lambda
                      + 0.5 * Math.log(precision / (2 * Math.PI))
                      - 0.5 * precision * away * away);
    }
    return out;
  }

  private static Dataset table() {
    double[] x = rows();
    double[] units = new double[x.length];
    Arrays.setAll(units, i -> i % 2 == 0 ? 100 + 10 * x[i] : 0.01 * x[i]);
    return new Dataset(
        new Schema(List.of(Column.feature("a"), Column.feature("b"))),
        Rows.of(new Matrix(300, 2, units)));
  }

  private static Model fit(Engine engine, GmmVbConfig config, FitOptions options, FitListener l) {
    EstimatorContext context = new EstimatorContext(engine, REGISTRY);
    Estimator estimator = new GmmVbProvider().create(config, context);
    return estimator.fit(table(), options, l);
  }

  @Test
  void findsThreeOfTenComponents() {
    Map<Integer, List<Double>> bounds = new TreeMap<>();
    FitListener heard =
        event -> {
          if (event instanceof FitEvent.Stepped stepped) {
            bounds
                .computeIfAbsent(stepped.epoch(), start -> new ArrayList<>())
                .add(-stepped.loss());
          }
        };
    try (Engine engine = Engines.open("cpu", EngineOptions.threads(1));
        Model model = fit(engine, GmmVbConfig.DEFAULT, FitOptions.seed(1), heard)) {
      assertEquals(3, model.as(Assignment.class).components());
      // One list a start, and that of what is left after pruning.
      assertEquals(GmmVbConfig.DEFAULT.restarts() + 1, bounds.size());
      bounds.forEach(
          (start, rising) -> {
            for (int i = 1; i < rising.size(); i++) {
              // What rounding may take: far below the tolerance that ends a start.
              assertTrue(rising.get(i) >= rising.get(i - 1) - 1e-12, start + ": " + rising);
            }
          });
      double steps = bounds.values().stream().mapToInt(List::size).sum();
      assertTrue(steps > 5 * bounds.size(), steps + " steps");
      Matrix p = model.as(Assignment.class).probabilities(table().rows());
      long sure = Arrays.stream(p.values()).filter(v -> v > 0.95).count();
      assertTrue(sure > 285, sure + " of 300 rows have one component");
      for (int n = 0; n < p.rows(); n++) {
        assertEquals(1, Arrays.stream(p.row(n)).sum(), 1e-12);
      }
      // The entropy of the truth: clusters with weights 1/2, 1/4, 1/4, widths and units as above.
      double truth =
          -0.5 * Math.log(0.5) - 0.5 * Math.log(0.25) + 1 + Math.log(2 * Math.PI * 0.3 * 0.2 * 0.1);
      LogDensity density = model.as(LogDensity.class);
      double[] values =
          density.logDensity(density.densities().get(0), table().rows(), new Seed(1)).values();
      // 300 rows have a standard error of 0.06 and a model of 17 numbers is 17 / 600 above them.
      assertEquals(-truth, Arrays.stream(values).average().orElseThrow(), 0.15);
    }
  }

  @Test
  void anInterruptedFitGoesOnToTheSameBits(@TempDir Path directory) {
    CheckpointFile stop = new CheckpointFile(directory.resolve("c"), false, REGISTRY);
    CheckpointFile resume = new CheckpointFile(directory.resolve("c"), true, REGISTRY);
    int[] left = {7};
    FitListener stopping =
        new FitListener() {
          @Override
          public void on(FitEvent event) {
            // only stops
          }

          @Override
          public boolean interrupted() {
            return left[0]-- <= 0;
          }
        };
    FitOptions options = FitOptions.seed(2);
    try (Engine engine = Engines.open("cpu", EngineOptions.threads(1));
        Model whole = fit(engine, config(6), options, FitListener.SILENT)) {
      ThalwegException stopped =
          assertThrows(
              ThalwegException.class,
              () -> fit(engine, config(6), options.withCheckpoints(stop), stopping));
      assertEquals(ExitCode.INTERRUPTED, stopped.exitCode());
      try (Model resumed =
          fit(engine, config(6), options.withCheckpoints(resume), FitListener.SILENT)) {
        assertArrayEquals(scores(whole), scores(resumed));
        assertEquals(whole.card().metrics().get("steps"), resumed.card().metrics().get("steps"));
      }
      ThalwegException other =
          assertThrows(
              ThalwegException.class,
              () -> fit(engine, config(5), options.withCheckpoints(resume), FitListener.SILENT));
      assertTrue(other.getMessage().contains("another fit"), other.getMessage());
    }
  }

  private static double[] scores(Model model) {
    LogDensity density = model.as(LogDensity.class);
    return density.logDensity(density.densities().get(0), table().rows(), new Seed(1)).values();
  }

  @Test
  void moreThreadsGiveTheSameBits() {
    double[] some = rows();
    double[] many = IntStream.range(0, 9000).mapToDouble(i -> some[i % 600] + 1e-3 * i).toArray();
    try (Workers one = new Workers(1);
        Workers three = new Workers(3)) {
      Ascent first = ascent(new Rounds(many, 2, one), 0, 1);
      Ascent second = ascent(new Rounds(many, 2, three), 0, 1);
      first.step();
      second.step();
      assertEquals(first.bound(), second.bound());
    }
  }

  @Test
  void tooManyComponentsAreRefused() {
    try (Engine engine = Engines.open("cpu", EngineOptions.threads(1))) {
      ThalwegException refusal =
          assertThrows(
              ThalwegException.class,
              () -> fit(engine, config(400), FitOptions.seed(1), FitListener.SILENT));
      assertTrue(refusal.getMessage().contains("400 components"), refusal.getMessage());
    }
  }
}
