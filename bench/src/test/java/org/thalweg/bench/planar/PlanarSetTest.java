package org.thalweg.bench.planar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PlanarSetTest {
  /**
   * The means of log p under p and how well they are known: -log 32; numerical convolutions; closed
   * forms (a Gaussian's entropy, log 8 more for eight of them).
   */
  private static final Map<String, double[]> MEANS =
      Map.of(
          "checkerboard", new double[] {-3.46574, 1e-5},
          "checkerboard-8", new double[] {-3.46574, 1e-5},
          "spirals", new double[] {-3.157, 0.005},
          "spirals-ffjord", new double[] {-2.655, 0.005},
          "diamond", new double[] {-2.613, 0.003},
          "eight-gaussians", new double[] {-0.312, 0.001},
          "curved", new double[] {-3.53102, 1e-5});

  static Stream<PlanarSet> known() {
    return PlanarSet.all().stream().filter(set -> set.logDensity().isPresent());
  }

  @ParameterizedTest
  @MethodSource("known")
  void theMeanLogDensityIsTheKnownOne(PlanarSet set) {
    int n = 3000;
    double[] rows = set.sample(n, 1);
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] = set.logDensity().orElseThrow().applyAsDouble(rows[2 * i], rows[2 * i + 1]);
    }
    double mean = Arrays.stream(values).average().orElseThrow();
    double variance = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / (n - 1);
    double[] expected = MEANS.get(set.name());
    assertEquals(expected[0], mean, expected[1] + 4 * Math.sqrt(variance / n), set.name());
  }

  @ParameterizedTest
  @MethodSource("known")
  void theDensityIntegratesToOne(PlanarSet set) {
    // The spirals' density takes a while; their grid is as fine as their noise needs.
    int grid = set.name().startsWith("spirals") ? 90 : 1200;
    double reach = set.name().equals("curved") ? 24 : 5;
    double step = 2 * reach / grid;
    double sum = 0;
    for (int i = 0; i < grid; i++) {
      for (int j = 0; j < grid; j++) {
        double x = -reach + (i + 0.5) * step;
        double y = -reach + (j + 0.5) * step;
        sum += Math.exp(set.logDensity().orElseThrow().applyAsDouble(x, y));
      }
    }
    assertEquals(1, sum * step * step, set.name().startsWith("checker") ? 0.02 : 1e-3, set.name());
  }

  @ParameterizedTest
  @MethodSource("known")
  void drawsLieWhereTheDensityIs(PlanarSet set) {
    double[] rows = set.sample(500, 2);
    for (int i = 0; i < 500; i++) {
      double value = set.logDensity().orElseThrow().applyAsDouble(rows[2 * i], rows[2 * i + 1]);
      assertTrue(Double.isFinite(value), set.name());
    }
  }
}
