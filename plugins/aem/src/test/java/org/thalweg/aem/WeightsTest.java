package org.thalweg.aem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightsTest {
  @Test
  void streamsWhatOnePassWouldGive() {
    double[] logs = {-700, 3, 2.5, 900, 899.2, -1e4, 898};
    Weights weights = new Weights();
    double sum = 0;
    double squares = 0;
    for (double log : logs) {
      weights.add(log);
      sum += Math.exp(log - 900);
      squares += Math.exp(2 * (log - 900));
    }
    assertEquals(900 + Math.log(sum / logs.length), weights.logMean(), 1e-12);
    assertEquals(sum * sum / squares, weights.effective(), 1e-12);
  }

  @Test
  void equalWeightsHaveNoError() {
    Weights weights = new Weights();
    for (int i = 0; i < 50; i++) {
      weights.add(-12.5);
    }
    assertEquals(-12.5, weights.logMean(), 1e-12);
    assertEquals(50, weights.effective(), 1e-9);
    assertEquals(0, weights.variance(), 1e-12);
  }

  /**
   * A standard normal target in D dimensions and a proposal of s.d. 1.25: E[w^2] = r^D with r =
   * 1.25^2 / sqrt(2 * 1.25^2 - 1), so that the relative s.d. of the mean of 20 weights is sqrt((r^D
   * - 1) / 20). The other columns: a Monte Carlo run of another program.
   */
  @ParameterizedTest
  @CsvSource({"1, 0.0599, -0.001, 18.7", "5, 0.144, -0.012, 14.4", "20, 0.388, -0.069, 6.9"})
  void agreesWithKnownNormals(int dimension, double relative, double mean, double effective) {
    int trials = 20_000;
    SplittableRandom random = new SplittableRandom(4);
    double sum = 0;
    double squares = 0;
    double logs = 0;
    double ess = 0;
    double variances = 0;
    for (int t = 0; t < trials; t++) {
      Weights weights = new Weights();
      for (int s = 0; s < 20; s++) {
        double log = 0;
        for (int d = 0; d < dimension; d++) {
          double z = random.nextGaussian();
          log += -0.5 * 1.25 * 1.25 * z * z + 0.5 * z * z + Math.log(1.25);
        }
        weights.add(log);
      }
      double z = Math.exp(weights.logMean());
      sum += z;
      squares += z * z;
      logs += weights.logMean();
      ess += weights.effective();
      variances += weights.variance();
    }
    double average = sum / trials;
    assertEquals(1, average, 5 * relative / Math.sqrt(trials));
    double spread = Math.sqrt(squares / trials - average * average);
    double r = 1.25 * 1.25 / Math.sqrt(2 * 1.25 * 1.25 - 1);
    assertEquals(Math.sqrt((Math.pow(r, dimension) - 1) / 20), relative, 5e-4);
    assertEquals(relative, spread, 0.08 * relative);
    assertEquals(mean, logs / trials, 0.004 + 5 * relative / Math.sqrt(trials));
    // The other run had 4000 trials, and was written down to a tenth.
    assertEquals(effective, ess / trials, 0.05 + 3 * 3 / Math.sqrt(4000));
    if (dimension < 20) {
      assertTrue(Math.abs(Math.sqrt(variances / trials) / relative - 1) < 0.1);
    }
  }
}
