package org.thalweg.sbi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.inference.Posterior;
import org.thalweg.api.random.Seed;

/** Every method finds the posterior that is known in closed form. */
class ConjugateTest {
  private static final double S = 0.5;

  @ParameterizedTest
  @CsvSource({
    "npe, 1, 2000",
    "snpe-c, 2, 2000",
    "tsnpe, 2, 2000",
    "nle, 1, 2000",
    "snl, 2, 2000",
    "nre, 1, 5000",
    "sre, 2, 5000"
  })
  void linearGaussian(String method, int rounds, int budget) {
    double[] x = {0.8, -0.4};
    var problem = LinearGaussian.problem(2, S, x);
    Map<String, Object> options = Map.of("steps", 600);
    try (Posterior posterior = Sbi.infer(method, options, problem, rounds, budget)) {
      Matrix draws = posterior.sample(4000, new Seed(7));
      double variance = S * S / (1 + S * S);
      for (int d = 0; d < 2; d++) {
        assertEquals(x[d] / (1 + S * S), Sbi.mean(draws, d), 0.08, method + " mean " + d);
        assertEquals(variance, Sbi.covariance(draws, d, d), 0.05, method + " variance " + d);
      }
      assertEquals(0, Sbi.covariance(draws, 0, 1), 0.04, method);
      assertTrue(posterior.logDensityRelation().isPresent());
    }
  }
}
