package org.thalweg.deconvolution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Noise;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Context;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Standardiser;
import org.thalweg.toolkit.train.ParameterStore;

/** Bounds where the prior is a standard normal and the proposal is the noise: all is known. */
class NetsTest {
  private static final Seed SEED = new Seed(4);

  private static DeconvNets nets(String noise, String recognition, int d) {
    DeconvFlowConfig config =
        Setups.flow("prior", "standard-normal", "recognition", recognition, "noise", noise);
    return DeconvNets.build(config, d, 0, new ParameterStore(Setups.DOUBLE, SEED), Setups.REGISTRY);
  }

  /** Rows that are standardised already, but for rounding, and their errors. */
  private static NoisyRows rows(Matrix x, Noise noise) {
    Dataset data = Setups.noisy(x, noise);
    return Errors.of(ErrorsConfig.FROM_COLUMNS, data.schema(), Soundness.DEFINITE)
        .of(data.rows(), Standardiser.common(data, 0, 1));
  }

  private static NoisyBatch batch(NoisyRows rows) {
    double[] values = new double[rows.size() * rows.dimension()];
    for (int i = 0; i < values.length; i++) {
      values[i] = rows.value(i / rows.dimension(), i % rows.dimension());
    }
    return NoisyBatch.of(rows, values, new double[0], 0, IntStream.range(0, rows.size()).toArray());
  }

  private static double[] logWeights(
      DeconvNets nets, NoisyRows rows, int k, double defensive, Seed seed) {
    try (Tape tape = Setups.DOUBLE.newTape(Tape.Mode.EVALUATE)) {
      return Setups.DOUBLE
          .hostView(
              nets.bind(Binding.evaluate(tape), batch(rows)).draw(k, defensive, seed).logWeights())
          .toDoubles();
    }
  }

  private static Noise deviations(double... sd) {
    return new Noise.Diagonal(new Matrix(sd.length, 1, sd));
  }

  /** E log N(w + s u; 0, 1) over standard normal u = -(log 2 pi + w^2 + s^2) / 2. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 1})
  void theElboOfAGaussianIsExact(double defensive) {
    double[] w = {0.3, -2, 1};
    double[] s = {0.5, 1, 2};
    NoisyRows rows = rows(new Matrix(3, 1, w), deviations(s));
    int k = 200_000;
    double[] logs =
        logWeights(nets("standard-normal", "standard-normal", 1), rows, k, defensive, SEED);
    for (int i = 0; i < 3; i++) {
      double[] own = Arrays.copyOfRange(logs, i * k, (i + 1) * k);
      double mean = Setups.mean(own);
      double sd = Math.sqrt(Arrays.stream(own).map(v -> (v - mean) * (v - mean)).sum() / (k - 1));
      double expected = -0.5 * (Math.log(2 * Math.PI) + w[i] * w[i] + s[i] * s[i]);
      assertEquals(expected, mean, 5 * sd / Math.sqrt(k), "row " + i);
    }
  }

  /** The mean of the ratios is p(w) itself, N(w; 0, 1 + s^2), whatever proposals were mixed. */
  @ParameterizedTest
  @CsvSource({"standard-normal, 0", "laplace, 0.5", "laplace, 0.9", "student-t, 0.3"})
  void theMeanRatioIsTheConvolution(String recognition, double defensive) {
    double[] w = {0.3, -2, 1};
    double[] s = {0.5, 1, 2};
    NoisyRows rows = rows(new Matrix(3, 1, w), deviations(s));
    requireMean(
        logWeights(nets("standard-normal", recognition, 1), rows, 200_000, defensive, SEED),
        IntStream.range(0, 3).mapToDouble(i -> Setups.normal(w[i], 0, 1 + s[i] * s[i])).toArray());
  }

  private static void requireMean(double[] logs, double[] expected) {
    int k = logs.length / expected.length;
    for (int i = 0; i < expected.length; i++) {
      double[] own =
          Arrays.stream(Arrays.copyOfRange(logs, i * k, (i + 1) * k)).map(Math::exp).toArray();
      double mean = Setups.mean(own);
      double sd = Math.sqrt(Arrays.stream(own).map(v -> (v - mean) * (v - mean)).sum() / (k - 1));
      assertEquals(expected[i], mean, 5 * sd / Math.sqrt(k), "row " + i);
      assertTrue(sd / Math.sqrt(k) < 0.02 * mean, "an error that says something: " + sd);
    }
  }

  /** Against the convolution integral by Simpson's rule. */
  @ParameterizedTest
  @ValueSource(strings = {"laplace", "student-t"})
  void anyNoiseConvolves(String noise) {
    double[] w = {0.3, -2, 1};
    double[] s = {0.5, 1, 2};
    NoisyRows rows = rows(new Matrix(3, 1, w), deviations(s));
    double[] expected = new double[3];
    for (int i = 0; i < 3; i++) {
      int row = i;
      expected[i] =
          Setups.integral(
              v -> Setups.normal(v, 0, 1) * density(noise, (w[row] - v) / s[row]) / s[row],
              -12,
              12,
              20_000);
    }
    requireMean(logWeights(nets(noise, "standard-normal", 1), rows, 400_000, 0.5, SEED), expected);
  }

  private static double density(String noise, double x) {
    if (noise.equals("laplace")) {
      return Math.exp(-Math.sqrt(2) * Math.abs(x)) / Math.sqrt(2);
    }
    // Ten degrees of freedom: gamma(5.5) / (gamma(5) sqrt(10 pi)).
    double constant = 945 * Math.sqrt(Math.PI) / 32 / 24 / Math.sqrt(10 * Math.PI);
    return constant * Math.pow(1 + x * x / 10, -5.5);
  }

  /** N(w; 0, I + S) of the observed features alone. */
  @Test
  void correlatedErrorsAndMissingFeatures() {
    double[] x = {0.5, -1, 0.5, Double.NaN, Double.NaN, -1};
    double[] s = {1, 0.6, 0.6, 0.5};
    NoisyRows rows = rows(new Matrix(3, 2, x), new Noise.Full(Matrix.of(s, s, s)));
    double[] expected = {
      gaussian2(0.5, -1, 2, 0.6, 1.5), Setups.normal(0.5, 0, 2), Setups.normal(-1, 0, 1.5)
    };
    for (double defensive : new double[] {0, 0.5, 1}) {
      requireMean(
          logWeights(nets("standard-normal", "standard-normal", 2), rows, 400_000, defensive, SEED),
          expected);
    }
  }

  private static double gaussian2(double x, double y, double a, double b, double c) {
    double det = a * c - b * b;
    double q = (c * x * x - 2 * b * x * y + a * y * y) / det;
    return Math.exp(-0.5 * q) / (2 * Math.PI * Math.sqrt(det));
  }

  @Test
  void laplaceNumbersHaveTheirDensityMeanAndVariance() {
    try (Tape tape = Setups.DOUBLE.newTape(Tape.Mode.EVALUATE)) {
      var noise =
          nets("laplace", "standard-normal", 1)
              .noise()
              .bind(Binding.evaluate(tape))
              .given(Context.none());
      double[] draws =
          Setups.DOUBLE.hostView(noise.sampleWithLogDensity(200_000, SEED).value()).toDoubles();
      assertEquals(0, Setups.mean(draws), 0.012);
      assertEquals(
          1, Setups.mean(Arrays.stream(draws).map(v -> v * v).toArray()), 0.03, "variance");
      Arrays.sort(draws);
      // The distribution function at its quartiles: exp(-sqrt 2 q) / 2 = 1 / 4.
      double quartile = Math.log(2) / Math.sqrt(2);
      long below = Arrays.stream(draws).filter(v -> v < quartile).count();
      assertEquals(0.75, below / 200_000.0, 0.005);
      double total =
          Setups.integral(
              x ->
                  Math.exp(
                      Setups.DOUBLE.hostView(
                              noise.logDensity(
                                  tape.constant(
                                      new double[] {x}, new ai.djl.ndarray.types.Shape(1, 1))))
                          .toDoubles()[0]),
              -20,
              20,
              2000);
      assertEquals(1, total, 1e-3);
    }
  }

  /** v = w + L u gives the rows back that were made noisy, whatever of them is not observed. */
  @Test
  void whatWasMadeNoisyIsGivenBack() {
    double[] covariances = {0.5, 0.2, 0.2, 1, 0.5, 0.2, 0.2, 1, 2, 0.1, 0.1, 0.3};
    Matrix x = new Matrix(3, 2, new double[] {0.1, 0.2, Double.NaN, 3, -1, Double.NaN});
    NoisyBatch rows = batch(rows(x, new Noise.Full(new Matrix(3, 4, covariances))));
    double[] v = {1, 2, 3, 4, 5, 6};
    double[] e = {0.3, -1, 2, 0.7, -0.2, 9};
    NoisyBatch made = rows.madeNoisy(v, e);
    try (Tape tape = Setups.DOUBLE.newTape(Tape.Mode.EVALUATE)) {
      NDArray u = tape.constant(rows.back(v, e), new Shape(3, 1, 2));
      assertArrayEquals(v, Setups.DOUBLE.hostView(made.on(tape).moved(u)).toDoubles(), 1e-12);
    }
  }

  /** Whichever share of the draws is the noise's; with all of them the net is not asked. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5})
  void theRecognitionNetGetsTheGradientOfFiniteDifferences(double defensive) {
    DeconvFlowConfig config =
        Setups.flow(
            "prior", "standard-normal",
            "recognition.layers", 1,
            "recognition.hidden", 4,
            "recognition.embedding", 0);
    ParameterStore store = new ParameterStore(Setups.DOUBLE, SEED);
    DeconvNets nets = DeconvNets.build(config, 2, 0, store, Setups.REGISTRY);
    double[] covariances = {0.5, 0.2, 0.2, 1, 0.5, 0.2, 0.2, 1};
    NoisyRows rows =
        rows(
            new Matrix(2, 2, new double[] {0.1, 0.2, -1, 3}),
            new Noise.Full(new Matrix(2, 4, covariances)));
    double[] memory = store.snapshot();
    SplittableRandom random = SEED.generator();
    Arrays.setAll(memory, i -> memory[i] + 0.3 * random.nextGaussian());
    double h = 1e-6;
    for (Parameter p : store.trainable()) {
      int i = Math.toIntExact(p.offset());
      double[] moved = memory.clone();
      moved[i] += h;
      double up = elbo(store, moved, nets, rows, defensive);
      moved[i] -= 2 * h;
      double down = elbo(store, moved, nets, rows, defensive);
      store.restore(memory);
      try (Tape tape = Setups.DOUBLE.newTape(Tape.Mode.FIRST_ORDER)) {
        tape.backward(elbo(tape, nets, rows, defensive));
        double slope = Setups.DOUBLE.hostView(tape.gradient(p)).toDoubles()[0];
        assertEquals((up - down) / (2 * h), slope, 1e-5, p.name());
      }
    }
  }

  private static double elbo(
      ParameterStore store, double[] memory, DeconvNets nets, NoisyRows rows, double defensive) {
    store.restore(memory);
    try (Tape tape = Setups.DOUBLE.newTape(Tape.Mode.EVALUATE)) {
      return Setups.DOUBLE.hostView(elbo(tape, nets, rows, defensive)).toDoubles()[0];
    }
  }

  private static NDArray elbo(Tape tape, DeconvNets nets, NoisyRows rows, double defensive) {
    return nets.bind(Binding.evaluate(tape), batch(rows))
        .draw(6, defensive, SEED)
        .logWeights()
        .mean();
  }
}
