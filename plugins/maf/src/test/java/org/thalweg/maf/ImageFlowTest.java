package org.thalweg.maf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.thalweg.api.config.Choice;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.Sampler;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.config.ConfigBinder;
import org.thalweg.toolkit.model.ModelFile;
import org.thalweg.toolkit.train.ParameterStore;

class ImageFlowTest {
  /**
   * The parameters of the flows of Durkan and others (2019, appendix B.3), which table 3 gives in
   * millions. Exactly, with S layers and c channels in a level: S (2 c) of actnorm; (S + 1) (c^2 +
   * c) of 1 x 1 convolutions; in each of the S nets 6 (9 h^2 + h + 2 h) of three blocks, h c / 2 +
   * h of the first layer and (h + 1) P c / 2 of the last; levels of 12, 48 and 192 channels over
   * CIFAR-10 and of 12, 24, 48 and 96 over ImageNet64.
   */
  @ParameterizedTest
  @CsvSource({
    "32, 3, none, 64, affine, 0, 5161548, 5.2",
    "32, 3, none, 64, rational-quadratic, 2, 5333538, 5.3",
    "32, 3, none, 96, affine, 0, 11065068, 11.1",
    "32, 3, none, 96, rational-quadratic, 4, 11835054, 11.8",
    "64, 4, half, 96, affine, 0, 14270244, 14.3",
    "64, 4, half, 96, rational-quadratic, 8, 15553554, 15.6"
  })
  void parameterCountsArePublished(
      int side,
      int levels,
      String factorOut,
      int hidden,
      String univariate,
      int bins,
      long exact,
      double millions) {
    Map<String, Object> options = new HashMap<>();
    options.put("channels", 3);
    options.put("height", side);
    options.put("width", side);
    options.put("levels", levels);
    options.put("factor-out", factorOut);
    options.put("layers", 7);
    options.put("hidden", hidden);
    options.put("blocks", 3);
    options.put("univariate", univariate);
    if (bins > 0) {
      options.put("univariate.bins", bins);
    }
    ParameterStore store = Parts.store(Parts.SINGLE, 1);
    org.thalweg.toolkit.config.Parts.density(
        new Choice("nsf-image", options), Parts.build(store, 3 * side * side, 0));
    assertEquals(exact, store.size());
    assertEquals(millions, Math.round(exact / 1e5) / 10.0);
  }

  private static Model fit(Map<String, Object> options, Dataset data) {
    return fit(Parts.REGISTRY.estimator("nsf-image"), options, data);
  }

  private static <C extends Record> Model fit(
      EstimatorProvider<C> provider, Map<String, Object> options, Dataset data) {
    return provider
        .create(
            ConfigBinder.bind(provider.defaults(), options),
            new EstimatorContext(Parts.SINGLE, Parts.REGISTRY))
        .fit(data, FitOptions.seed(1), FitListener.SILENT);
  }

  private static Map<String, Object> tiny(int side, Object... more) {
    Map<String, Object> out = new HashMap<>();
    out.put("height", side);
    out.put("width", side);
    out.put("levels", 2);
    out.put("layers", 2);
    out.put("hidden", 8);
    out.put("blocks", 1);
    out.put("epochs", 4);
    for (int i = 0; i < more.length; i += 2) {
      out.put((String) more[i], more[i + 1]);
    }
    return out;
  }

  private static Dataset uniform(int rows, int columns, int bits) {
    SplittableRandom random = new SplittableRandom(3);
    double[] values = new double[rows * columns];
    Arrays.setAll(values, i -> random.nextInt(1 << bits));
    return Dataset.of(new Matrix(rows, columns, values));
  }

  /**
   * No density is better than the uniform one on uniform noise, on average; a test mean below the
   * bits of a pixel by more than chance shows a wrong Jacobian.
   */
  @ParameterizedTest
  @CsvSource({"8, pixels", "5, pixels", "8, logit"})
  void uniformNoiseTakesItsBits(int bits, String preprocess) {
    Map<String, Object> options = tiny(4, "bits", bits, "preprocess", preprocess);
    try (Model model = fit(options, uniform(4000, 16, bits))) {
      double found = model.card().metrics().get("test_bits_per_dimension");
      assertTrue(found >= bits, found + " bits per dimension");
      assertTrue(found < bits + 1, found + " bits per dimension");
    }
  }

  /** Neighbours that are equal but for a bit: half of the pixels take 8 bits, half take 1. */
  @Test
  void structureTakesFewerBits() {
    SplittableRandom random = new SplittableRandom(4);
    int rows = 4000;
    double[] values = new double[rows * 16];
    for (int i = 0; i < values.length; i += 2) {
      values[i] = random.nextInt(255);
      values[i + 1] = values[i] + random.nextInt(2);
    }
    Map<String, Object> options = tiny(4, "hidden", 16, "layers", 3, "epochs", 15);
    try (Model model = fit(options, Dataset.of(new Matrix(rows, 16, values)))) {
      double found = model.card().metrics().get("test_bits_per_dimension");
      assertTrue(found < 7, found + " bits per dimension");
      assertTrue(found > 4.5, found + " bits per dimension");
    }
  }

  /** In the unit of a pixel value, over all that its spread values reach. */
  @ParameterizedTest
  @CsvSource({"pixels", "logit"})
  void aDensityOfPixelsIntegratesToOneInTheirUnit(String preprocess) {
    Map<String, Object> options = tiny(1, "bits", 3, "preprocess", preprocess);
    try (Model model = fit(options, uniform(500, 1, 3))) {
      double low = preprocess.equals("logit") ? -0.5 - 8 * 0.05 / 0.9 : -40;
      double high = 7 - low;
      int n = 20_000;
      double step = (high - low) / n;
      double[] points = new double[n];
      Arrays.setAll(points, i -> low + (i + 0.5) * step);
      double[] values = scores(model, new Matrix(n, 1, points));
      assertEquals(1, Arrays.stream(values).map(Math::exp).sum() * step, 1e-3);
    }
  }

  /** The corners of many images are always 0. */
  @Test
  void constantPixelsAreTakenAndDrawn() {
    Dataset data = uniform(1000, 4, 2);
    double[] values = data.rows().features().values().clone();
    for (int i = 0; i < values.length; i += 4) {
      values[i] = 0;
    }
    Map<String, Object> options = tiny(2, "bits", 2, "levels", 1, "epochs", 20);
    try (Model model = fit(options, Dataset.of(new Matrix(1000, 4, values)))) {
      assertTrue(model.card().metrics().get("test_bits_per_dimension") < 2);
      Matrix drawn = model.as(Sampler.class).sample(1000, Matrix.zeros(1, 0), new Seed(2));
      assertEquals(0, Arrays.stream(drawn.column(0)).average().orElseThrow(), 0.2);
      assertEquals(1.5, Arrays.stream(drawn.column(1)).average().orElseThrow(), 0.2);
    }
  }

  @ParameterizedTest
  @CsvSource({"256", "-1", "0.5"})
  void whatIsNoPixelIsRefused(double value) {
    double[] values = new double[40];
    values[13] = value;
    Dataset data = Dataset.of(new Matrix(10, 4, values));
    ThalwegException refusal = assertThrows(ThalwegException.class, () -> fit(tiny(2), data));
    assertTrue(
        refusal.getMessage().startsWith("Column 'x1', usable row 4: " + value + " is not a pixel"),
        refusal.getMessage());
  }

  @Test
  void standardisedColumnsNeedNoBits() {
    SplittableRandom random = new SplittableRandom(5);
    double[] values = new double[500 * 4];
    Arrays.setAll(values, i -> 1e-3 * random.nextGaussian());
    Map<String, Object> options = tiny(2, "preprocess", "standardise", "levels", 1);
    try (Model model = fit(options, Dataset.of(new Matrix(500, 4, values)))) {
      double expected = -4 * (0.5 * Math.log(2 * Math.PI * Math.E) + Math.log(1e-3));
      assertEquals(expected, model.card().metrics().get("test_log_density"), 1);
      assertTrue(!model.card().metrics().containsKey("test_bits_per_dimension"));
    }
  }

  private static double[] scores(Model model, Matrix at) {
    LogDensity density = model.as(LogDensity.class);
    return density.logDensity(density.densities().get(0), Rows.of(at), new Seed(1)).values();
  }

  /** A saved model knows its pixels: their scale, and how they are spread. */
  @ParameterizedTest
  @CsvSource({"pixels", "logit"})
  void aSavedModelOfPixelsScoresTheSame(String preprocess, @TempDir Path directory) {
    Dataset data = uniform(300, 4, 8);
    Map<String, Object> options = tiny(2, "preprocess", preprocess, "levels", 1, "epochs", 1);
    Path file = directory.resolve("model.thalweg");
    try (Model model = fit(options, data)) {
      ModelFile.save(file, model, Parts.REGISTRY, Map.of());
      EstimatorContext context = new EstimatorContext(Parts.SINGLE, Parts.REGISTRY);
      try (Model loaded = ModelFile.load(file, context).model()) {
        assertEquals(model.card(), loaded.card());
        Matrix x = data.rows().features();
        assertArrayEquals(scores(model, x), scores(loaded, x));
      }
    }
  }

  @Test
  void declaringPixelsTwiceChangesNothing() {
    Dataset data = uniform(10, 4, 8);
    Map<String, Object> options = Map.of("height", 2, "width", 2, "preprocess", "logit");
    ImageFlowConfig config = ConfigBinder.bind(ImageFlowConfig.DEFAULT, options);
    Pixels pixels = new Pixels();
    Dataset once = pixels.declare(config, data);
    assertTrue(!once.schema().equals(data.schema()));
    assertEquals(once.schema(), pixels.declare(config, once).schema());
  }
}
