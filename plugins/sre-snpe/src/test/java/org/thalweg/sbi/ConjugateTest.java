package org.thalweg.sbi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.inference.Posterior;
import org.thalweg.api.random.Seed;

/** Every method finds the posterior that is known in closed form. */
class ConjugateTest {
  private static final double S = 0.5;

  /**
   * To the training's error. Of 4000 draws the standard error of a mean is 0.007, of a variance
   * 0.0045 and of the mean of two 0.003. The rest is the net's: over three seeds means were off by
   * up to 0.022, single variances by up to 0.027, and their mean by up to 0.008 for npe and 0.011
   * for nle. A posterior whose deviations are a tenth too large has variances of 0.242.
   */
  @ParameterizedTest
  @ValueSource(strings = {"npe", "nle"})
  void toTheTrainingsError(String method) {
    double[] x = {0.8, -0.4};
    var problem = LinearGaussian.problem(2, S, x);
    try (Posterior posterior = Sbi.infer(method, Map.of("steps", 1000), problem, 1, 4000)) {
      Matrix draws = posterior.sample(4000, new Seed(7));
      double both = 0;
      for (int d = 0; d < 2; d++) {
        assertEquals(x[d] / (1 + S * S), Sbi.mean(draws, d), 0.04, method + " mean " + d);
        double variance = Sbi.covariance(draws, d, d);
        assertEquals(0.2, variance, 0.04, method + " variance " + d);
        both += variance / 2;
      }
      assertEquals(0.2, both, 0.025, method + " variance");
      assertEquals(0, Sbi.covariance(draws, 0, 1), 0.02, method);
    }
  }

  /**
   * A ratio of 5000 simulations tells one of ten nearly as well as the true one, whose loss is
   * 1.0664 (the loss's own test): on 20,000 fresh sets, whose pairs are the same for both.
   */
  @Test
  void theTrainedLossIsNearlyTheBest() {
    var problem = LinearGaussian.problem(2, S, new double[] {0, 0});
    int sets = 20_000;
    int k = 10;
    Matrix theta = problem.prior().sample(sets * k, new Seed(11));
    Matrix x = Matrix.zeros(sets * k, 2);
    var random = new Seed(12).generator();
    for (int i = 0; i < sets; i++) {
      for (int d = 0; d < 2; d++) {
        double seen = theta.get(i * k, d) + S * random.nextGaussian();
        for (int j = 0; j < k; j++) {
          x.values()[2 * (i * k + j) + d] = seen;
        }
      }
    }
    double[] best = new double[sets * k];
    for (int i = 0; i < 2 * best.length; i++) {
      double z = (x.values()[i] - theta.values()[i]) / S;
      best[i / 2] -= 0.5 * z * z;
    }
    try (Posterior posterior = Sbi.infer("nre", Map.of("steps", 1500), problem, 1, 5000)) {
      double[] trained = ((LearntPosterior) posterior).ratio(theta, x);
      // The loss of a set has a deviation of about 0.9.
      assertEquals(1.0664, loss(best, k), 0.02);
      double more = loss(trained, k) - loss(best, k);
      assertTrue(more > -0.005 && more < 0.03, "more by " + more);
      Matrix draws = posterior.sample(4000, new Seed(7));
      for (int d = 0; d < 2; d++) {
        assertEquals(0.4472, Math.sqrt(Sbi.covariance(draws, d, d)), 0.0447);
      }
    }
  }

  private static double loss(double[] f, int k) {
    double sum = 0;
    for (int i = 0; i < f.length; i += k) {
      double own = f[i];
      double others = 0;
      for (int j = i; j < i + k; j++) {
        others += Math.exp(f[j] - own);
      }
      sum += Math.log(others);
    }
    return sum * k / f.length;
  }

  @ParameterizedTest
  @CsvSource({"snpe-c, 2, 2000", "tsnpe, 2, 2000", "snl, 2, 2000", "nre, 1, 5000", "sre, 2, 5000"})
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
