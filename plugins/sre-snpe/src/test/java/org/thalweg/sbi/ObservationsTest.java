package org.thalweg.sbi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.inference.AmortisedPosterior;
import org.thalweg.api.inference.Posterior;
import org.thalweg.api.random.Seed;

/** Several observations: of the same parameters, or each of its own. */
class ObservationsTest {
  private static final double S = 0.5;

  /** n independent observations of one parameter: N(sum x / (n + s^2), s^2 / (n + s^2)). */
  @ParameterizedTest
  @ValueSource(strings = {"npe", "nle", "nre"})
  void independentOfTheSameParameters(String method) {
    double[][] x = {{0.9}, {0.3}, {0.7}};
    var problem = LinearGaussian.problem(1, S, x);
    try (Posterior posterior = Sbi.infer(method, Map.of("steps", 600), problem, 1, 2000)) {
      Matrix draws = posterior.sample(4000, new Seed(2));
      assertEquals(LogDensity.Relation.UNNORMALISED, posterior.logDensityRelation().orElseThrow());
      assertEquals(1.9 / (3 + S * S), Sbi.mean(draws, 0), 0.08);
      double deviation = S / Math.sqrt(3 + S * S);
      assertEquals(deviation, Math.sqrt(Sbi.covariance(draws, 0, 0)), 0.15 * deviation);
    }
  }

  /** Many observations at once, each answered for itself; in groups as one by one. */
  @ParameterizedTest
  @ValueSource(strings = {"npe", "nle", "nre"})
  void eachOfItsOwn(String method) {
    var problem = LinearGaussian.problem(1, S, new double[] {0});
    Map<String, Object> options = Map.of("steps", 600, "chains", 200, "candidates", 5000);
    try (Posterior posterior = Sbi.infer(method, options, problem, 1, 2000)) {
      AmortisedPosterior amortised = assertInstanceOf(AmortisedPosterior.class, posterior);
      Matrix observations = Matrix.of(new double[] {-1}, new double[] {0}, new double[] {1.5});
      Matrix draws = amortised.sample(1000, observations, new Seed(3));
      assertEquals(3000, draws.rows());
      for (int i = 0; i < 3; i++) {
        Matrix own = draws.slice(1000 * i, 1000 * (i + 1));
        assertEquals(observations.get(i, 0) / (1 + S * S), Sbi.mean(own, 0), 0.12);
      }
      Matrix parameters = Matrix.of(new double[] {0.2}, new double[] {0.3}, new double[] {0.4});
      double[] together = amortised.logDensity(parameters, observations);
      assertEquals(posterior.logDensity(parameters)[1], together[1], 1e-4);
      assertThrows(
          ThalwegException.class, () -> amortised.logDensity(parameters, observations.slice(0, 2)));
      assertThrows(
          ThalwegException.class, () -> amortised.sample(1, Matrix.zeros(1, 2), new Seed(1)));
    }
  }

  /** The binary loss learns the ratio itself, so that ratio times prior is a density. */
  @Test
  void theRatioOfPairsIsNormalised() {
    var problem = LinearGaussian.problem(1, S, new double[] {0.5});
    Map<String, Object> options = Map.of("loss", "pair", "steps", 1000);
    try (Posterior posterior = Sbi.infer("nre", options, problem, 1, 4000)) {
      assertEquals(LogDensity.Relation.EXACT, posterior.logDensityRelation().orElseThrow());
      double[] grid = new double[800];
      for (int i = 0; i < 800; i++) {
        grid[i] = -4 + 0.01 * i;
      }
      double sum = 0;
      for (double value : posterior.logDensity(new Matrix(800, 1, grid))) {
        sum += 0.01 * Math.exp(value);
      }
      assertEquals(1, sum, 0.1);
    }
  }
}
