package org.thalweg.dnf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Kind;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Role;
import org.thalweg.api.data.Rows;
import org.thalweg.api.data.Schema;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.config.ConfigBinder;

class ManifoldTest {
  private static final double LOG_2_PI = Math.log(2 * Math.PI);

  private static double[] scores(ManifoldModel model, String density, Rows rows) {
    return model.logDensity(model.density(density), rows, new Seed(1)).values();
  }

  /** Points at some lengths along the line (1, 2, 2) / 3, moved across it by some of (2, 1, -2). */
  private static Rows along(double across, double... lengths) {
    double[][] rows = new double[lengths.length][];
    for (int i = 0; i < rows.length; i++) {
      double s = lengths[i] / 3;
      double t = across / 3;
      rows[i] = new double[] {s + 2 * t, 2 * s + t, 2 * s - 2 * t};
    }
    return Rows.of(Matrix.of(rows));
  }

  /**
   * A Gaussian on a line, of standard deviation 3 in length. Noise of sd sigma in all directions
   * widens it along the line to the variance 9 + sigma^2, which is what deflation gives.
   */
  @Test
  void aGaussianOnALineHasTheDensityOfItsClosedForm() {
    Dataset data = Dataset.of(Manifolds.line(3000, 1));
    Map<String, Object> options = Manifolds.linear("sigma", 0.1, "lambda", 1, "cutoff", 0);
    try (ManifoldModel model = Manifolds.dnf(options, data, Manifolds.DOUBLE)) {
      double noise = model.card().metrics().get("noise_sd");
      assertEquals(0.1 * Math.sqrt(3), noise, 0.02);
      double variance = 9 + noise * noise;
      Rows rows = along(0, -4, -1, 0, 2, 5);
      double[] values = scores(model, "manifold", rows);
      double[] lengths = {-4, -1, 0, 2, 5};
      for (int i = 0; i < values.length; i++) {
        double expected =
            -0.5 * (lengths[i] * lengths[i] / variance + Math.log(variance) + LOG_2_PI);
        assertEquals(expected, values[i], 0.1, "at " + lengths[i]);
      }
      double[] distances = model.distances(along(0.5, -3, 1, 4));
      for (double distance : distances) {
        assertEquals(0.5, distance, 0.05);
      }
      Rows inflated = along(noise, 1);
      double expected =
          -0.5 * (1 / variance + Math.log(variance) + 1 + 4 * Math.log(noise) + 3 * LOG_2_PI);
      assertEquals(expected, scores(model, "inflated", inflated)[0], 0.2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sequential", "alternating"})
  void aManifoldFlowFindsTheSameLine(String order) {
    Matrix line = Manifolds.line(3000, 1);
    Map<String, Object> options = Manifolds.linear("order", order, "manifold-share", 0.1);
    try (ManifoldModel model = Manifolds.mFlow(options, Dataset.of(line), Manifolds.DOUBLE)) {
      double[] values = scores(model, "manifold", along(0, -4, 0, 2));
      double[] lengths = {-4, 0, 2};
      // Linear flows fit the rows' own mean and variance.
      double[] s = Arrays.stream(line.column(0)).map(v -> 3 * v).toArray();
      double mean = Arrays.stream(s).average().orElseThrow();
      double variance = Arrays.stream(s).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
      for (int i = 0; i < values.length; i++) {
        double square = (lengths[i] - mean) * (lengths[i] - mean);
        double expected = -0.5 * (square / variance + Math.log(variance) + LOG_2_PI);
        assertEquals(expected, values[i], 0.1, "at " + lengths[i]);
      }
      assertArrayEquals(new double[] {0.5, 0.5}, model.distances(along(0.5, -3, 2)), 0.02);
    }
  }

  /** The density on the learnt curve, integrated over its length, whatever was learnt. */
  @Test
  void theDensityOfAManifoldFlowIntegratesToOneOverItsManifold() {
    Dataset data = Dataset.of(Manifolds.parabola(600, 1, 2));
    Map<String, Object> options = Manifolds.options("dimension", 1, "epochs", 6);
    try (ManifoldModel model = Manifolds.mFlow(options, data, Manifolds.DOUBLE)) {
      assertEquals(1, integral(model, "manifold"), 2e-3);
    }
  }

  /** The trapezoid rule over the curve that the decoder draws. */
  private static double integral(ManifoldModel model, String density) {
    int n = 6001;
    double[] latent = new double[n];
    Arrays.setAll(latent, i -> -6 + 12.0 * i / (n - 1));
    Matrix curve = model.decode(new Matrix(n, 1, latent), Matrix.zeros(n, 0));
    double[] values = scores(model, density, Rows.of(curve));
    double sum = 0;
    for (int i = 1; i < n; i++) {
      double length =
          Math.hypot(curve.get(i, 0) - curve.get(i - 1, 0), curve.get(i, 1) - curve.get(i - 1, 1));
      sum += 0.5 * length * (Math.exp(values[i]) + Math.exp(values[i - 1]));
    }
    return sum;
  }

  /** Deflation is right where the flow has learnt to keep v in units of the noise. */
  @Test
  void theDeflatedDensityIntegratesToAboutOne() {
    Dataset data = Dataset.of(Manifolds.parabola(2000, 1, 2));
    Map<String, Object> options = Manifolds.options("dimension", 1, "cutoff", 0, "sigma", 0.1);
    try (ManifoldModel model = Manifolds.dnf(options, data, Manifolds.SINGLE)) {
      assertEquals(1, integral(model, "manifold"), 0.1);
      assertTrue(model.card().metrics().get("validation_reconstruction") < 0.1);
    }
  }

  /** Ten times the unit: lengths on the curve are ten times as long, areas a hundred times. */
  @Test
  void densitiesAreInTheUsersUnits() {
    Map<String, Object> options = Manifolds.options("dimension", 1, "epochs", 3, "cutoff", 0);
    Dataset small = Dataset.of(Manifolds.parabola(400, 1, 2));
    Dataset large = Dataset.of(Manifolds.parabola(400, 10, 2));
    try (ManifoldModel one = Manifolds.dnf(options, small, Manifolds.DOUBLE);
        ManifoldModel ten = Manifolds.dnf(options, large, Manifolds.DOUBLE)) {
      double[] onOne = scores(one, "manifold", small.rows());
      double[] onTen = scores(ten, "manifold", large.rows());
      double[] atOne = scores(one, "inflated", small.rows());
      double[] atTen = scores(ten, "inflated", large.rows());
      for (int i = 0; i < onOne.length; i++) {
        assertEquals(onOne[i] - Math.log(10), onTen[i], 1e-5);
        assertEquals(atOne[i] - Math.log(100), atTen[i], 1e-5);
      }
      assertEquals(
          10 * one.card().metrics().get("validation_reconstruction"),
          ten.card().metrics().get("validation_reconstruction"),
          1e-6);
    }
  }

  @Test
  void rowsOffTheManifoldHaveNoDensityOnIt() {
    Dataset data = Dataset.of(Manifolds.line(3000, 1));
    Map<String, Object> options = Manifolds.linear("sigma", 0.1, "lambda", 1);
    try (ManifoldModel model = Manifolds.dnf(options, data, Manifolds.DOUBLE)) {
      double noise = model.card().metrics().get("noise_sd");
      double[] near = scores(model, "manifold", along(0.25 * noise, -2, 0, 2));
      double[] far = scores(model, "manifold", along(0.45 * noise, -2, 0, 2));
      assertTrue(Arrays.stream(near).allMatch(Double::isFinite), Arrays.toString(near));
      assertArrayEquals(new double[] {-1 / 0.0, -1 / 0.0, -1 / 0.0}, far);
      double[] wider = scores(model, "manifold:0.6", along(0.45 * noise, -2, 0, 2));
      assertTrue(Arrays.stream(wider).allMatch(Double::isFinite), Arrays.toString(wider));
      for (String wrong : new String[] {"manifold:", "manifold:-1", "manifold:x", "manifolds"}) {
        assertThrows(ThalwegException.class, () -> model.density(wrong), wrong);
      }
      double[] inflated = scores(model, "inflated", along(0.45 * noise, -2, 0, 2));
      assertTrue(Arrays.stream(inflated).allMatch(Double::isFinite), Arrays.toString(inflated));
    }
  }

  /** Without noise and reconstruction, deflation is by the spread that v is given (PIE). */
  @Test
  void withoutNoiseAndReconstructionItIsAPseudoInvertibleEncoder() {
    Dataset data = Dataset.of(Manifolds.parabola(400, 1, 2));
    Map<String, Object> options =
        Manifolds.options("dimension", 1, "epochs", 3, "sigma", 0, "lambda", 0, "normal-sd", 0.02);
    try (ManifoldModel model = Manifolds.dnf(options, data, Manifolds.DOUBLE)) {
      double[] manifold = scores(model, "manifold", data.rows());
      double[] inflated = scores(model, "inflated", data.rows());
      double spread = 0.02 * model.card().metrics().get("scale");
      for (int i = 0; i < manifold.length; i++) {
        assertEquals(inflated[i] + Math.log(spread) + 0.5 * LOG_2_PI, manifold[i], 1e-8);
      }
    }
  }

  @Test
  void encodingUndoesDecodingAndProjectingTwiceIsProjectingOnce() {
    Dataset data = Dataset.of(Manifolds.parabola(400, 1, 2));
    Map<String, Object> options = Manifolds.options("dimension", 1, "epochs", 3);
    try (ManifoldModel model = Manifolds.dnf(options, data, Manifolds.DOUBLE)) {
      Matrix latent = new Matrix(5, 1, new double[] {-2, -0.5, 0, 1, 2.5});
      Matrix decoded = model.decode(latent, Matrix.zeros(5, 0));
      assertArrayEquals(latent.values(), model.encode(Rows.of(decoded)).values(), 1e-6);
      Matrix once = model.project(data.rows());
      assertArrayEquals(once.values(), model.project(Rows.of(once)).values(), 1e-6);
      Matrix drawn = model.sample(100, Matrix.zeros(1, 0), new Seed(3));
      double[] distances = model.distances(Rows.of(drawn));
      assertTrue(Arrays.stream(distances).allMatch(v -> v < 1e-6), "samples lie on the manifold");
    }
  }

  @Test
  void theDimensionIsEstimatedWhereItIsNotGiven() {
    Map<String, Object> options = Manifolds.options("epochs", 1);
    Dataset data = Dataset.of(Manifolds.line(800, 1));
    try (ManifoldModel model = Manifolds.dnf(options, data, Manifolds.SINGLE)) {
      assertEquals(1, model.dimension());
      assertEquals(1, model.card().metrics().get("intrinsic_dimension"), 0.1);
    }
  }

  /** Rows that fill the plane: the estimate is about 2, and a manifold has fewer dimensions. */
  @Test
  void anEstimateOfAllDimensionsIsWarnedOf() {
    SplittableRandom random = new SplittableRandom(2);
    Matrix plane = new Matrix(600, 2, random.doubles(1200).toArray());
    List<String> warnings = warnings(Dataset.of(plane));
    assertEquals(1, warnings.size(), warnings.toString());
    assertTrue(
        warnings.get(0).matches("The rows seem to have (1\\.[5-9]|2\\.[0-4])\\d dimensions, .*"),
        warnings.get(0));
    assertTrue(warnings.get(0).contains("dimension=1 is taken"), warnings.get(0));
    assertEquals(List.of(), warnings(Dataset.of(Manifolds.line(600, 1))));
  }

  private static List<String> warnings(Dataset data) {
    List<String> out = new ArrayList<>();
    Model model =
        new DnfProvider()
            .create(
                ConfigBinder.bind(
                    new DnfProvider().defaults(), Manifolds.options("epochs", 1, "steps", 1)),
                new EstimatorContext(Manifolds.SINGLE, Manifolds.REGISTRY))
            .fit(
                data,
                FitOptions.seed(1),
                event -> {
                  if (event instanceof FitEvent.Warned warned) {
                    out.add(warned.message());
                  }
                });
    model.close();
    return out;
  }

  @Test
  void aManifoldOfAsManyDimensionsAsColumnsIsRefused() {
    Dataset data = Dataset.of(Manifolds.line(100, 1));
    ThalwegException refusal =
        assertThrows(
            ThalwegException.class,
            () -> Manifolds.dnf(Manifolds.options("dimension", 3), data, Manifolds.SINGLE));
    assertEquals(ExitCode.USAGE, refusal.exitCode());
    assertEquals(
        "The manifold's dimension must be less than the number of columns, 3; got dimension=3. Where"
            + " rows fill all of it, a flow over the columns is right: --estimator nsf-coupling.",
        refusal.getMessage());
    Dataset one = Dataset.of(new Matrix(100, 1, Manifolds.line(100, 1).column(0)));
    ThalwegException single =
        assertThrows(
            ThalwegException.class,
            () -> Manifolds.mFlow(Manifolds.options(), one, Manifolds.SINGLE));
    assertTrue(single.getMessage().contains("at least 2 columns"), single.getMessage());
  }

  @Test
  void whatIsNoFlowIsRefused() {
    Dataset data = Dataset.of(Manifolds.line(100, 1));
    ThalwegException refusal =
        assertThrows(
            ThalwegException.class,
            () -> Manifolds.dnf(Map.of("dimension", 1, "latent", "made"), data, Manifolds.SINGLE));
    assertTrue(
        refusal.getMessage().startsWith("Option 'latent' takes a flow"), refusal.getMessage());
  }

  @Test
  void columnsWithoutACommonScaleAreRefused() {
    Column bounded =
        new Column("share", Role.FEATURE, new Kind.Bounded(0, 1), OptionalDouble.empty());
    Schema schema = new Schema(List.of(Column.feature("x"), bounded));
    double[] numbers = new double[40];
    Arrays.setAll(numbers, i -> i % 2 == 0 ? i : 0.4 + 0.01 * i);
    Matrix rows = new Matrix(20, 2, numbers);
    ThalwegException refusal =
        assertThrows(
            ThalwegException.class,
            () ->
                Manifolds.dnf(
                    Map.of("dimension", 1), new Dataset(schema, Rows.of(rows)), Manifolds.SINGLE));
    assertTrue(refusal.getMessage().startsWith("Column 'share' is bounded"), refusal.getMessage());
  }
}
