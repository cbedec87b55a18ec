package org.thalweg.sbi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.thalweg.api.config.Choice;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.BuildContext;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.config.Parts;
import org.thalweg.toolkit.train.ParameterStore;

/** The losses against closed forms, Monte Carlo, and each other. */
class ContrastiveLossTest {
  private static final double LOG_TWO_PI = Math.log(2 * Math.PI);

  private static double normal(double x, double mean, double variance) {
    return -0.5 * ((x - mean) * (x - mean) / variance + Math.log(variance) + LOG_TWO_PI);
  }

  /** theta ~ N(0, 1), x = theta + s noise, in one of D independent dimensions. */
  private static double logLikelihood(double theta, double x, double s) {
    return normal(x, theta, s * s);
  }

  private static double logPosterior(double theta, double x, double s) {
    double v = s * s / (1 + s * s);
    return normal(theta, x / (1 + s * s), v);
  }

  /** Sets of K parameters with an observation of the first, and f of each. */
  private static double[] scores(
      int dimension, double s, int sets, int k, long seed, DoubleBinaryOperator f) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] out = new double[sets * k];
    double[] x = new double[dimension];
    for (int i = 0; i < sets; i++) {
      for (int j = 0; j < k; j++) {
        for (int d = 0; d < dimension; d++) {
          double theta = random.nextGaussian();
          if (j == 0) {
            x[d] = theta + s * random.nextGaussian();
          }
          out[i * k + j] += f.applyAsDouble(theta, x[d]);
        }
      }
    }
    return out;
  }

  private static double ofSets(double[] f, int k) {
    try (Tape tape = Sbi.DOUBLE.newTape(Tape.Mode.EVALUATE)) {
      NDArray loss = ContrastiveLoss.ofSets(tape.constant(f, new Shape(f.length / k, k)));
      return Sbi.DOUBLE.hostView(loss).toDoubles()[0];
    }
  }

  /**
   * The loss of the true ratio, and that it bounds the mutual information from below. The known
   * values are Monte-Carlo means themselves, with a standard error of at most 0.003 up to K = 100
   * and of 0.01 at K = 1000, as ours are.
   */
  @ParameterizedTest
  @CsvSource({
    "2, 0.5, 2, 0.1941, 0.003",
    "2, 0.5, 10, 1.0664, 0.003",
    "2, 0.5, 50, 2.4032, 0.003",
    "2, 0.5, 100, 3.0536, 0.003",
    "2, 0.5, 1000, 5.306, 0.01",
    "2, 0.1, 2, 0.0110, 0.003",
    "2, 0.1, 10, 0.0944, 0.003",
    "2, 0.1, 50, 0.4239, 0.003",
    "2, 0.1, 100, 0.7286, 0.003",
    "2, 0.1, 1000, 2.418, 0.01",
    "5, 0.5, 2, 0.0317, 0.003",
    "5, 0.5, 10, 0.2354, 0.003",
    "5, 0.5, 50, 0.8088, 0.003",
    "5, 0.5, 100, 1.2045, 0.003",
    "5, 0.5, 1000, 3.053, 0.01"
  })
  void trueRatio(int dimension, double s, int k, double known, double error) {
    int sets = Math.min(10_000, 300_000 / k);
    List<Double> losses = new ArrayList<>();
    double own = Double.POSITIVE_INFINITY;
    double loss = 0;
    for (int chunk = 0; chunk < 10 || own > error; chunk++) {
      double[] f = scores(dimension, s, sets, k, 5 + chunk, (t, x) -> logLikelihood(t, x, s));
      losses.add(ofSets(f, k));
      Moments moments = Moments.of(losses.stream().mapToDouble(v -> v).toArray());
      loss = moments.mean();
      own = moments.deviation() / Math.sqrt(losses.size() - 1.0);
    }
    assertEquals(known, loss, 3 * Math.hypot(error, own), "K = " + k);
    double information = 0.5 * dimension * Math.log(1 + 1 / (s * s));
    assertTrue(Math.log(k) - loss < information);
    assertTrue(loss > 0);
  }

  /** SRE's f and SNPE-C's f give one loss: they differ by a function of the observation. */
  @Test
  void twoParameterisationsOneLoss() {
    double s = 0.5;
    int k = 10;
    double[] ofPosterior =
        scores(2, s, 500, k, 6, (t, x) -> logPosterior(t, x, s) - normal(t, 0, 1));
    double[] ofRatio = scores(2, s, 500, k, 6, (t, x) -> logLikelihood(t, x, s) + 3 * x * x - 7);
    assertEquals(ofSets(ofPosterior, k), ofSets(ofRatio, k), 1e-12);
  }

  /** For K = 2 the gradient is that of logistic regression on the difference. */
  @Test
  void pairsOfASetAreLogisticRegression() {
    double[] f = {0.3, -1.2, 2.0, 0.4, -0.7, -0.9};
    try (Tape tape = Sbi.DOUBLE.newTape(Tape.Mode.FIRST_ORDER)) {
      NDArray leaf = tape.variable(tape.constant(f, new Shape(3, 2)));
      tape.backward(ContrastiveLoss.ofSets(leaf));
      double[] gradient = Sbi.DOUBLE.hostView(tape.gradient(leaf)).toDoubles();
      double[] expected = new double[6];
      for (int i = 0; i < 3; i++) {
        double wrong = 1 / (1 + Math.exp(f[2 * i] - f[2 * i + 1]));
        expected[2 * i] = -wrong / 3;
        expected[2 * i + 1] = wrong / 3;
      }
      assertArrayEquals(expected, gradient, 1e-12);
    }
  }

  /** The binary loss at its optimum, by quadrature: E[softplus(-f)] / 2 + E[softplus(f)] / 2. */
  @Test
  void pairsByQuadrature() {
    double s = 0.5;
    double sum = 0;
    double h = 0.02;
    for (double t = -6; t <= 6; t += h) {
      for (double x = -8; x <= 8; x += h) {
        double ratio = logLikelihood(t, x, s) - normal(x, 0, 1 + s * s);
        double joint = Math.exp(normal(t, 0, 1) + logLikelihood(t, x, s));
        double product = Math.exp(normal(t, 0, 1) + normal(x, 0, 1 + s * s));
        sum += h * h * joint * Math.log1p(Math.exp(-ratio)) / 2;
        // log(1 + e^f) of a large f is f.
        double positive = ratio > 30 ? ratio : Math.log1p(Math.exp(ratio));
        sum += h * h * product * positive / 2;
      }
    }
    double[] f =
        scores(1, s, 200_000, 2, 4, (t, x) -> logLikelihood(t, x, s) - normal(x, 0, 1 + s * s));
    try (Tape tape = Sbi.DOUBLE.newTape(Tape.Mode.EVALUATE)) {
      NDArray loss = ContrastiveLoss.ofPairs(tape.constant(f, new Shape(200_000, 2)));
      assertEquals(sum, Sbi.DOUBLE.hostView(loss).toDoubles()[0], 0.003);
    }
  }

  /** What SNPE-C trains is what a ratio estimator with f = log q - log p would train. */
  @Test
  void atomicLossIsTheRatiosLoss() {
    int n = 24;
    int k = 5;
    SplittableRandom random = new SplittableRandom(3);
    double[] points = random.doubles(2 * n, -2, 2).toArray();
    double[] observations = random.doubles(3 * n, -2, 2).toArray();
    double[] prior = random.doubles(n, -3, 0).toArray();
    Table table = new Table(points, observations, prior, 2, 3, new int[n]);
    ParameterStore store = new ParameterStore(Sbi.DOUBLE, new Seed(1));
    var context = new BuildContext(new Shape(2), new Shape(3), store, Sbi.REGISTRY);
    var density =
        Parts.density(new Choice("maf", Map.of("hidden", 8, "layers", 2, "blocks", 1)), context);
    double[] memory = store.snapshot();
    for (int i = 0; i < memory.length; i++) {
      memory[i] += 0.2 * random.nextGaussian();
    }
    store.restore(memory);
    Net net = new Net.OfPosterior(density);
    var objective =
        new ContrastiveObjective(
            Sbi.DOUBLE,
            net,
            table,
            table,
            new Seed(1),
            k,
            ContrastiveObjective.Score.POSTERIOR_OVER_PRIOR,
            ContrastiveObjective.Classes.SET,
            0);
    int[] rows = IntStream.range(0, n).toArray();
    try (Tape tape = Sbi.DOUBLE.newTape(Tape.Mode.EVALUATE)) {
      Binding binding = Binding.evaluate(tape);
      NDArray loss = objective.loss(binding, table, rows, rows, 0);
      int[] sets = ContrastiveObjective.sets(rows, rows, 0, k, binding.seed().child("atoms"));
      double[] f = new double[n * k];
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < k; j++) {
          int other = sets[i * k + j];
          NDArray z =
              tape.constant(
                  new double[] {points[2 * other], points[2 * other + 1]}, new Shape(1, 2));
          NDArray x =
              tape.constant(Arrays.copyOfRange(observations, 3 * i, 3 * i + 3), new Shape(1, 3));
          double q = Sbi.DOUBLE.hostView(net.score(binding, z, x)).toDoubles()[0];
          f[i * k + j] = q - prior[other];
        }
      }
      assertEquals(ofSets(f, k), Sbi.DOUBLE.hostView(loss).toDoubles()[0], 1e-9);
    }
  }

  /** A set holds its own row first, and others of the batch, none twice. */
  @Test
  void setsAreDrawnWithoutReplacement() {
    int[] batch = {40, 41, 42, 43, 44, 45, 46};
    int[] rows = {42, 43, 44};
    int[] counts = new int[47];
    for (int repeat = 0; repeat < 3000; repeat++) {
      int[] sets = ContrastiveObjective.sets(rows, batch, 2, 4, new Seed(repeat));
      for (int i = 0; i < 3; i++) {
        int[] set = Arrays.copyOfRange(sets, 4 * i, 4 * i + 4);
        assertEquals(rows[i], set[0]);
        assertEquals(4, Arrays.stream(set).distinct().count());
        if (i == 0) {
          Arrays.stream(set).forEach(j -> counts[j]++);
        }
      }
    }
    // Each other row is in half of the sets of row 42: 1500 +- 27.
    for (int j : new int[] {40, 41, 43, 44, 45, 46}) {
      assertEquals(1500, counts[j], 140);
    }
  }
}
