package org.thalweg.vi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.inference.Diagnostics.Verdict;
import org.thalweg.api.inference.LogDensityProblem;
import org.thalweg.api.inference.ParameterBlock;
import org.thalweg.api.inference.Posterior;
import org.thalweg.api.random.Seed;
import org.thalweg.api.transform.Support;
import org.thalweg.toolkit.infer.LogDensities;
import org.thalweg.toolkit.infer.ScoredSampler;

class VariationalTest {
  private static final Map<String, Object> SHORT = Map.of("steps", 600, "draws", 128);

  /** A correlated normal far from the origin and in unlike units. */
  private static LogDensityProblem normal() {
    return Vi.model(
        "normal",
        List.of(ParameterBlock.real("a"), ParameterBlock.real("b")),
        values -> {
          NDArray a = values.get("a").sub(5000).div(300);
          NDArray b = values.get("b").div(0.01);
          return values.total(
              LogDensities.normal(a, 0, 1), LogDensities.normal(b.sub(a.mul(0.9)), 0, 0.5));
        });
  }

  /** log of the constants that its log joint lacks: the units. */
  private static final double EVIDENCE = Math.log(300 * 0.01);

  private static double mean(Matrix draws, int column) {
    double sum = 0;
    for (double x : draws.column(column)) {
      sum += x;
    }
    return sum / draws.rows();
  }

  private static double deviation(Matrix draws, int column) {
    double mean = mean(draws, column);
    double sum = 0;
    for (double x : draws.column(column)) {
      sum += (x - mean) * (x - mean);
    }
    return Math.sqrt(sum / draws.rows());
  }

  @Test
  void fullRankIsExactOnANormal() {
    try (Posterior posterior =
        Vi.infer(
            "advi", normal(), Map.of("covariance", "full-rank", "steps", 600, "draws", 128), 1)) {
      assertEquals(EVIDENCE, posterior.diagnostics().figures().get("elbo"), 0.01);
      assertEquals(Verdict.TRUST, posterior.diagnostics().verdict());
      Matrix draws = posterior.sample(40_000, new Seed(2));
      // Five standard errors, and what training leaves.
      assertEquals(5000, mean(draws, 0), 300 * 0.04);
      assertEquals(300, deviation(draws, 0), 300 * 0.03);
      assertEquals(0.01 * Math.sqrt(0.81 + 0.25), deviation(draws, 1), 0.01 * 0.04);
    }
  }

  /** The best independent normals have the inverse diagonal of the precision as variances. */
  @Test
  void meanFieldIsTheBestOfItsFamily() {
    try (Posterior posterior = Vi.infer("advi", normal(), SHORT, 1)) {
      Matrix draws = posterior.sample(40_000, new Seed(2));
      double precisionA = 1 + 0.81 / 0.25;
      assertEquals(300 / Math.sqrt(precisionA), deviation(draws, 0), 300 * 0.02);
      assertEquals(0.01 * 0.5, deviation(draws, 1), 0.01 * 0.02);
      // KL of the independent normals: half the logarithm of the determinants' ratio.
      double gap = 0.5 * Math.log(precisionA);
      assertEquals(EVIDENCE - gap, posterior.diagnostics().figures().get("elbo"), 0.02);
    }
  }

  /** Beta(8, 4), whose mean, deviation and evidence are known, through the logit. */
  @Test
  void aFlowFitsABoundedParameter() {
    LogDensityProblem coin =
        Vi.model(
            "coin",
            List.of(new ParameterBlock("p", 1, new Support.Interval(0, 1))),
            values -> {
              NDArray p = values.get("p");
              return values.total(p.log().mul(7), p.neg().add(1).log().mul(3));
            });
    // 7! 3! / 11!
    double evidence = Math.log(5040.0 * 6 / 39916800);
    for (String method : List.of("vi-flow", "vi-planar", "vi-radial")) {
      try (Posterior posterior = Vi.infer(method, coin, SHORT, 3)) {
        Matrix draws = posterior.sample(20_000, new Seed(4));
        for (double p : draws.values()) {
          assertTrue(p > 0 && p < 1);
        }
        assertEquals(8.0 / 12, mean(draws, 0), 0.01, method);
        assertEquals(Math.sqrt(32.0 / 144 / 13), deviation(draws, 0), 0.01, method);
        assertEquals(evidence, posterior.diagnostics().figures().get("elbo"), 0.03, method);
        integratesToOne(posterior);
        var scored = ((ScoredSampler) posterior).sampleWithLogDensity(50, new Seed(4));
        assertArrayEquals(posterior.logDensity(scored.draws()), scored.logDensity(), 2e-3, method);
      }
    }
  }

  private static void integratesToOne(Posterior posterior) {
    int cells = 2000;
    Matrix grid = Matrix.zeros(cells, 1);
    for (int i = 0; i < cells; i++) {
      grid.values()[i] = (i + 0.5) / cells;
    }
    double mass = 0;
    for (double logDensity : posterior.logDensity(grid)) {
      mass += Math.exp(logDensity) / cells;
    }
    assertEquals(1, mass, 1e-3);
    double outside = posterior.logDensity(Matrix.of(new double[] {1.5}))[0];
    assertEquals(Double.NEGATIVE_INFINITY, outside);
  }

  @Test
  void theSameSeedGivesTheSameBits() {
    LogDensityProblem schools = Vi.target("one-school-centered");
    try (Posterior one = Vi.infer("vi-planar", schools, SHORT, 5);
        Posterior two = Vi.infer("vi-planar", schools, SHORT, 5)) {
      assertArrayEquals(
          one.sample(100, new Seed(6)).values(), two.sample(100, new Seed(6)).values());
      assertEquals(one.diagnostics(), two.diagnostics());
    }
  }

  /** The two estimates of the gradient have one maximum. */
  @Test
  void bothGradientsLeadToTheSame() {
    LogDensityProblem schools = Vi.target("eight-schools-noncentered");
    double[] bounds = new double[2];
    for (String gradient : List.of("total", "path")) {
      try (Posterior posterior =
          Vi.infer("advi", schools, Map.of("gradient", gradient, "steps", 1000), 7)) {
        bounds[gradient.equals("path") ? 1 : 0] = posterior.diagnostics().figures().get("elbo");
      }
    }
    assertEquals(bounds[0], bounds[1], 0.03);
    // The best mean-field bound lies below the evidence, and not far.
    assertTrue(bounds[1] < -31.311 && bounds[1] > -31.311 - 0.35, "bound " + bounds[1]);
  }

  @Test
  void annealingAndRestartsFindBothModes() {
    try (Posterior posterior =
        Vi.infer(
            "vi-flow",
            Vi.target("multimodal-1d"),
            Map.of("steps", 800, "annealing", 0.5, "restarts", 2),
            8)) {
      Matrix draws = posterior.sample(4000, new Seed(9));
      long right = Arrays.stream(draws.values()).filter(z -> z > 0).count();
      assertTrue(right > 1200 && right < 2800, right + " of 4000 draws are positive");
    }
  }

  @Test
  void sequentialFlowsAreRefused() {
    var refused =
        assertThrows(
            ThalwegException.class,
            () -> Vi.infer("vi-flow", Vi.target("banana"), Map.of("flow", "maf", "steps", 10), 1));
    assertTrue(refused.getMessage().contains("'fast' to 'sampling'"), refused.getMessage());
    refused =
        assertThrows(
            ThalwegException.class,
            () ->
                Vi.infer(
                    "vi-planar", Vi.target("banana"), Map.of("gradient", "path", "steps", 10), 1));
    assertTrue(refused.getMessage().contains("gradient=total"), refused.getMessage());
  }
}
