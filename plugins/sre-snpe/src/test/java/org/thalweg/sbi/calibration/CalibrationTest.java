package org.thalweg.sbi.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.inference.Prior;
import org.thalweg.api.inference.Simulator;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.infer.IndependentPrior;
import org.thalweg.toolkit.infer.Marginal;

/** The exact posterior of gaussian-linear passes; one widened or shifted fails. */
class CalibrationTest {
  private static final int D = 10;
  private static final double DEVIATION = Math.sqrt(0.05);
  private static final Prior PRIOR =
      IndependentPrior.repeated("p", D, new Marginal.Normal(0, Math.sqrt(0.1)));
  private static final Simulator SIMULATOR =
      (theta, seed) -> {
        var random = seed.generator();
        return Arrays.stream(theta).map(t -> t + Math.sqrt(0.1) * random.nextGaussian()).toArray();
      };
  private static final List<String> NAMES =
      PRIOR.parameters().stream().map(block -> block.name()).toList();

  /** N(x/2, 0.05 I), widened by a factor and shifted by standard deviations. */
  private static ConditionalDraws posterior(double width, double shift) {
    return (k, observations, seed) -> {
      Matrix out = Matrix.zeros(observations.rows() * k, D);
      var random = seed.generator();
      for (int i = 0; i < out.rows(); i++) {
        for (int j = 0; j < D; j++) {
          double z = width * random.nextGaussian() + shift;
          out.values()[i * D + j] = observations.get(i / k, j) / 2 + DEVIATION * z;
        }
      }
      return out;
    };
  }

  private static JointDraws truth(int n, long seed) {
    return JointDraws.of(PRIOR, SIMULATOR, n, new Seed(seed));
  }

  private static Finding sbc(ConditionalDraws draws, long seed) {
    return SimulationBasedCalibration.run(truth(400, seed), draws, 100, new Seed(seed))
        .finding(NAMES);
  }

  private static Finding tarp(ConditionalDraws draws, long seed) {
    return ExpectedCoverage.run(truth(500, seed), draws, 100, new Seed(seed)).finding();
  }

  @Test
  void ranksPassForTheExactPosteriorOnly() {
    for (long seed = 1; seed <= 3; seed++) {
      Finding exact = sbc(posterior(1, 0), seed);
      assertTrue(exact.passed(), exact.sentence());
      Finding wide = sbc(posterior(1.5, 0), seed);
      assertFalse(wide.passed());
      assertTrue(wide.sentence().contains("too wide"), wide.sentence());
      Finding narrow = sbc(posterior(1 / 1.5, 0), seed);
      assertTrue(narrow.sentence().contains("too narrow"), narrow.sentence());
      Finding shifted = sbc(posterior(1, 0.5), seed);
      assertFalse(shifted.passed());
      assertTrue(shifted.sentence().contains("too large"), shifted.sentence());
      assertEquals(D + 1, shifted.picture().orElseThrow().curves().size());
    }
  }

  @Test
  void coveragePassesForTheExactPosteriorOnly() {
    for (long seed = 1; seed <= 3; seed++) {
      assertTrue(tarp(posterior(1, 0), seed).passed());
      assertFalse(tarp(posterior(1.5, 0), seed).passed());
      assertFalse(tarp(posterior(1, 0.5), seed).passed());
    }
  }

  /** The p-values of an exact posterior are uniform themselves: few of them fail. */
  @Test
  void falseAlarmsAreAsRareAsTheySay() {
    int alarms = 0;
    double sum = 0;
    for (long seed = 100; seed < 200; seed++) {
      JointDraws truth = truth(60, seed);
      Finding finding = ExpectedCoverage.run(truth, posterior(1, 0), 20, new Seed(seed)).finding();
      alarms += finding.passed() ? 0 : 1;
      sum += finding.value();
    }
    assertTrue(alarms <= 5, alarms + " alarms of 100");
    assertEquals(0.5, sum / 100, 4 * Math.sqrt(1.0 / 1200));
  }

  /** Imhof's numerical inversion of the limit, the sum of chi-squared over j (j + 1). */
  @Test
  void tailIsThatOfTheLimit() {
    double[][] known = {
      {0.5, 0.746814},
      {1.933, 0.099995},
      {2.492, 0.0500222},
      {3.857, 0.0102412},
      {6, 9.67452e-4},
      {9, 3.95357e-5},
    };
    for (double[] pair : known) {
      assertEquals(1, Uniformity.tail(pair[0]) / pair[1], 0.01, "at " + pair[0]);
    }
    assertTrue(Uniformity.tail(60) > 0 && Uniformity.tail(60) < 1e-20);
    assertTrue(Uniformity.tail(6.01) < Uniformity.tail(6));
  }

  @Test
  void localTestPassesForTheExactPosteriorOnly() {
    JointDraws truth = twoOf(truth(400, 5));
    double[] observation = {0.2, -0.1};
    assertTrue(LocalC2st.run(truth, two(1, 0), observation, 39, 2, new Seed(1)).passed());
    assertFalse(LocalC2st.run(truth, two(1, 1), observation, 39, 2, new Seed(1)).passed());
    assertFalse(LocalC2st.run(truth, two(2, 0), observation, 39, 2, new Seed(1)).passed());
  }

  /** The first two columns, which are a problem of their own. */
  private static JointDraws twoOf(JointDraws truth) {
    return new JointDraws(firstTwo(truth.parameters()), firstTwo(truth.observations()));
  }

  private static Matrix firstTwo(Matrix rows) {
    return Matrix.of(
        IntStream.range(0, rows.rows())
            .mapToObj(i -> Arrays.copyOf(rows.row(i), 2))
            .toArray(double[][]::new));
  }

  private static ConditionalDraws two(double width, double shift) {
    return (k, observations, seed) -> {
      double[][] full = new double[observations.rows()][];
      Arrays.setAll(full, i -> Arrays.copyOf(observations.row(i), D));
      return firstTwo(posterior(width, shift).sample(k, Matrix.of(full), seed));
    };
  }

  @Test
  void predictiveCheckKnowsWhatThePosteriorExplains() {
    double[] observation = truth(20, 7).observations().row(3);
    Matrix right = predictive(posterior(1, 0), observation);
    assertTrue(PredictiveCheck.posterior(right, observation).passed());
    Finding wrong =
        PredictiveCheck.posterior(predictive(posterior(1, 6), observation), observation);
    assertFalse(wrong.passed());
    assertTrue(wrong.sentence().contains("Farthest out is number"), wrong.sentence());
  }

  private static Matrix predictive(ConditionalDraws draws, double[] observation) {
    return SIMULATOR.simulate(draws.sample(500, Matrix.of(observation), new Seed(1)), new Seed(2));
  }

  @Test
  void misspecificationIsAnObservationThatTheSimulatorCannotGive() {
    // Data on a ring: the middle is inside every column's range and far from all simulations.
    Random random = new Random(1);
    Matrix ring = Matrix.zeros(500, 2);
    for (int i = 0; i < 500; i++) {
      double angle = 2 * Math.PI * random.nextDouble();
      ring.values()[2 * i] = Math.cos(angle) + 0.02 * random.nextGaussian();
      ring.values()[2 * i + 1] = Math.sin(angle) + 0.02 * random.nextGaussian();
    }
    assertTrue(PredictiveCheck.misspecification(ring, new double[] {0.6, 0.8}).passed());
    assertFalse(PredictiveCheck.misspecification(ring, new double[] {0, 0}).passed());
    assertFalse(PredictiveCheck.misspecification(ring, new double[] {40, 0}).passed());
    assertThrows(
        ThalwegException.class,
        () -> PredictiveCheck.misspecification(ring, new double[] {Double.NaN, 0}));
    assertThrows(
        ThalwegException.class, () -> PredictiveCheck.posterior(ring, new double[] {1, 2, 3}));
  }

  @Test
  void failedSimulationsAreLeftOut() {
    Simulator failing =
        (theta, seed) -> {
          if (theta[0] < 0) {
            throw new IllegalStateException("no");
          }
          return theta[1] < 0 ? new double[] {Double.NaN, 1} : new double[] {1, 2};
        };
    JointDraws joint = JointDraws.of(PRIOR, failing, 200, new Seed(1));
    assertTrue(joint.size() > 20 && joint.size() < 80);
    assertEquals(2, joint.observations().columns());
    assertThrows(ThalwegException.class, () -> truth(5, 1));
  }
}
