package org.thalweg.maf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.data.Schema;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.ToNoise;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.config.ConfigBinder;

/** The noise that a trained flow maps rows to. */
class ToNoiseTest {
  private static final int ROWS = 400;
  private static final double STEP = 1e-5;

  private static Model fit(String name, Map<String, Object> more) {
    SplittableRandom random = new SplittableRandom(3);
    double[] x = new double[2 * ROWS];
    double[] c = new double[ROWS];
    for (int i = 0; i < ROWS; i++) {
      c[i] = random.nextGaussian();
      x[2 * i] = 50 + 20 * (c[i] + random.nextGaussian());
      x[2 * i + 1] = 0.1 * c[i] + 1e-5 * x[2 * i] * x[2 * i] + 0.02 * random.nextGaussian();
    }
    Schema schema =
        new Schema(List.of(Column.feature("a"), Column.feature("b"), Column.context("c")));
    Dataset data = new Dataset(schema, Rows.of(new Matrix(ROWS, 2, x), new Matrix(ROWS, 1, c)));
    return fit(Parts.REGISTRY.estimator(name), data, more);
  }

  private static <C extends Record> Model fit(
      EstimatorProvider<C> provider, Dataset data, Map<String, Object> more) {
    Map<String, Object> options = new HashMap<>(more);
    options.putAll(Map.of("layers", 2, "hidden", 8, "blocks", 1, "epochs", 5));
    return provider
        .create(
            ConfigBinder.bind(provider.defaults(), options),
            new EstimatorContext(Parts.DOUBLE, Parts.REGISTRY))
        .fit(data, FitOptions.seed(4), FitListener.SILENT);
  }

  /** With z = toNoise(x), log p(x) = log N(z; 0, I) + log |det dz/dx| in the table's units. */
  @ParameterizedTest
  @ValueSource(strings = {"nsf-ar", "maf", "realnvp", "nsf-coupling"})
  void theDensityFollowsFromTheNoiseAndItsDerivatives(String name) {
    try (Model model = fit(name, Map.of())) {
      ToNoise flow = model.as(ToNoise.class);
      Matrix context = Matrix.of(new double[] {0.3});
      for (double[] x : new double[][] {{48, 0.05}, {75, 0.11}, {20, -0.02}}) {
        double[] z = noise(flow, x, context);
        double[] scale = {20, 0.1};
        double[][] jacobian = new double[2][2];
        for (int j = 0; j < 2; j++) {
          double[] up = x.clone();
          double[] down = x.clone();
          up[j] += STEP * scale[j];
          down[j] -= STEP * scale[j];
          double[] above = noise(flow, up, context);
          double[] below = noise(flow, down, context);
          for (int i = 0; i < 2; i++) {
            jacobian[i][j] = (above[i] - below[i]) / (up[j] - down[j]);
          }
        }
        double det = jacobian[0][0] * jacobian[1][1] - jacobian[0][1] * jacobian[1][0];
        double expected =
            -0.5 * Arrays.stream(z).map(v -> v * v).sum()
                - Math.log(2 * Math.PI)
                + Math.log(Math.abs(det));
        LogDensity density = model.as(LogDensity.class);
        double found =
            density.logDensity(
                    density.densities().get(0), Rows.of(Matrix.of(x), context), new Seed(0))
                .values()[0];
        assertEquals(expected, found, 1e-5);
      }
    }
  }

  private static double[] noise(ToNoise flow, double[] x, Matrix context) {
    return flow.toNoise(Rows.of(Matrix.of(x), context)).row(0);
  }

  /** The standard normal has the moments 0, 1 and 3. */
  @Test
  void theBaseIsTheOneThatWasAskedFor() {
    try (Model normal = fit("realnvp", Map.of());
        Model mixture = fit("realnvp", Map.of("base", "gaussian-mixture"))) {
      Matrix contexts = Matrix.of(new double[] {-1}, new double[] {2});
      Matrix drawn = normal.as(ToNoise.class).sampleBase(20_000, contexts, new Seed(1));
      assertEquals(40_000, drawn.rows());
      for (int j = 0; j < 2; j++) {
        double[] z = drawn.column(j);
        assertEquals(0, Arrays.stream(z).average().orElseThrow(), 0.025);
        assertEquals(1, Arrays.stream(z).map(v -> v * v).average().orElseThrow(), 0.04);
        assertEquals(3, Arrays.stream(z).map(v -> v * v * v * v).average().orElseThrow(), 0.3);
      }
      Matrix other = mixture.as(ToNoise.class).sampleBase(20_000, contexts, new Seed(1));
      double square = Arrays.stream(other.column(0)).map(v -> v * v).average().orElseThrow();
      assertFalse(Math.abs(square - 1) < 0.04, "the mixture's components start spread out");
    }
  }
}
