package org.thalweg.vi.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.inference.LogDensityProblem;
import org.thalweg.vi.Vi;

class SchoolsTest {
  private static final double[] Y = {28, 8, -3, 7, -1, 1, 18, 12};
  private static final double[] SIGMA = {15, 10, 16, 11, 9, 11, 10, 18};

  private static double normal(double x, double mean, double deviation) {
    double z = (x - mean) / deviation;
    return -0.5 * z * z - Math.log(deviation) - 0.5 * Math.log(2 * Math.PI);
  }

  private static double hyper(double mu, double tau) {
    return normal(mu, 0, 5) + Math.log(2 / (Math.PI * 5 * (1 + tau * tau / 25)));
  }

  /** The model written out in plain arithmetic. */
  private static double logJoint(double[] x, int schools, boolean centered, boolean once) {
    double mu = x[schools];
    double tau = x[schools + 1];
    double sum = once ? hyper(mu, tau) : schools * (hyper(mu, tau) + Math.log(tau)) - Math.log(tau);
    for (int i = 0; i < schools; i++) {
      double theta = centered ? x[i] : mu + tau * x[i];
      sum += normal(Y[i], theta, SIGMA[i]);
      sum += centered ? normal(theta, mu, tau) : normal(x[i], 0, 1);
    }
    return sum;
  }

  private static void same(String name, int schools, boolean centered, boolean once) {
    LogDensityProblem problem = Vi.target(name);
    assertEquals(schools + 2, problem.parameterNames().size());
    SplittableRandom random = new SplittableRandom(3);
    Matrix rows = Matrix.zeros(20, schools + 2);
    for (int i = 0; i < 20; i++) {
      for (int j = 0; j < schools + 2; j++) {
        double number = random.nextGaussian();
        rows.values()[i * (schools + 2) + j] = j == schools + 1 ? Math.exp(2 * number) : 5 * number;
      }
    }
    double[] values = Vi.logJoint(problem, rows);
    for (int i = 0; i < 20; i++) {
      double want = logJoint(rows.row(i), schools, centered, once);
      assertEquals(want, values[i], 1e-9 * (1 + Math.abs(want)));
    }
  }

  @Test
  void densitiesAreThoseOfTheModel() {
    same("eight-schools-centered", 8, true, true);
    same("eight-schools-noncentered", 8, false, true);
    same("two-schools-centered", 2, true, true);
    same("two-schools-noncentered", 2, false, true);
    same("one-school-centered", 1, true, true);
    same("one-school-noncentered", 1, false, true);
    same("eight-schools-paper-centered", 8, true, false);
    same("eight-schools-paper-noncentered", 8, false, false);
    same("two-schools-paper-centered", 2, true, false);
  }

  /** None is left out without a word, and none is measured without error. */
  @Test
  void otherSchoolsAreRefused() {
    List<Integer> nine = Collections.nCopies(9, 10);
    Map<String, Object> more = Map.of("J", 9, "y", nine, "sigma", nine);
    var refused =
        assertThrows(ThalwegException.class, () -> Vi.target("eight-schools-noncentered", more));
    assertTrue(
        refused.getMessage().contains("needs 8 numbers of 'y', its data has 9"),
        refused.getMessage());
    for (double deviation : new double[] {0, -10}) {
      Map<String, Object> bad = Map.of("y", List.of(28, 8), "sigma", List.of(15.0, deviation));
      refused = assertThrows(ThalwegException.class, () -> Vi.target("two-schools-centered", bad));
      assertEquals(ExitCode.DATA, refused.exitCode());
      assertTrue(refused.getMessage().contains("numbers above 0 in 'sigma'"), refused.getMessage());
      assertTrue(refused.getMessage().contains(String.valueOf(deviation)), refused.getMessage());
    }
  }

  /**
   * The effects integrated out by hand, {@code y_i ~ N(mu, sqrt(tau^2 + sigma_i^2))}, and mu and
   * log tau by the midpoint rule.
   */
  private static double logEvidence(int schools) {
    double sum = 0;
    double stepMu = 0.1;
    double stepLog = 0.05;
    for (double mu = -40; mu < 40; mu += stepMu) {
      for (double log = -20; log < 12; log += stepLog) {
        double tau = Math.exp(log);
        double value = hyper(mu, tau) + log;
        for (int i = 0; i < schools; i++) {
          value += normal(Y[i], mu, Math.hypot(tau, SIGMA[i]));
        }
        sum += Math.exp(value) * stepMu * stepLog;
      }
    }
    return Math.log(sum);
  }

  /**
   * What other tests and results compare lower bounds with: by adaptive quadrature in tau, mu and
   * the effects integrated out by a multivariate normal, in scipy.
   */
  @Test
  void evidencesByQuadrature() {
    assertEquals(-31.3113, logEvidence(8), 5e-4);
    assertEquals(-8.780, logEvidence(2), 5e-4);
    assertEquals(-5.108, logEvidence(1), 5e-4);
  }

  @Test
  void dataTakesThePlaceOfTheTable() {
    Map<String, Object> data = Map.of("J", 2, "y", List.of(28, 8), "sigma", List.of(15.0, 10.0));
    var refused =
        assertThrows(ThalwegException.class, () -> Vi.target("eight-schools-centered", data));
    assertTrue(refused.getMessage().contains("needs 8 numbers of 'y'"), refused.getMessage());
    Matrix row = Matrix.of(new double[] {1, 2, 3, 4});
    assertEquals(
        Vi.logJoint(Vi.target("two-schools-centered"), row)[0],
        Vi.logJoint(Vi.target("two-schools-centered", data), row)[0]);
    Map<String, Object> wrong = Map.of("y", List.of(28, 8), "sigma", List.of(15.0, "ten"));
    refused = assertThrows(ThalwegException.class, () -> Vi.target("two-schools-centered", wrong));
    assertTrue(refused.getMessage().contains("ten"), refused.getMessage());
  }
}
