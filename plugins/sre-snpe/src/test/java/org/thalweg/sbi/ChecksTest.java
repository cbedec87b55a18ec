package org.thalweg.sbi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.inference.Diagnostics;
import org.thalweg.api.inference.Diagnostics.Verdict;
import org.thalweg.api.inference.Graph;
import org.thalweg.api.inference.Posterior;
import org.thalweg.api.random.Seed;
import org.thalweg.sbi.calibration.ConditionalDraws;
import org.thalweg.sbi.calibration.JointDraws;

/** A posterior's own checks pass where it is right and fail where it is not. */
class ChecksTest {
  private static final double S = 0.5;

  private static Matrix exact(
      int each, Matrix observations, double widened, double shift, Seed seed) {
    double deviation = S / Math.sqrt(1 + S * S);
    var random = seed.generator();
    Matrix out = Matrix.zeros(each * observations.rows(), 1);
    for (int i = 0; i < out.rows(); i++) {
      double mean = observations.get(i / each, 0) / (1 + S * S);
      out.values()[i] = mean + deviation * (shift + widened * random.nextGaussian());
    }
    return out;
  }

  private static Diagnostics checked(double widened, double shift) {
    var problem = LinearGaussian.problem(1, S, new double[] {0.3});
    JointDraws truth = JointDraws.of(problem.prior(), problem.simulator(), 300, new Seed(5));
    var material =
        new Checks.Material(CheckConfig.DEFAULT, Optional.of(truth), truth.observations());
    return new Checks(problem, material, new Seed(6))
        .calibration((k, x, seed) -> exact(k, x, widened, shift, seed))
        .diagnostics();
  }

  @Test
  void calibrationTellsRightFromWrong() {
    assertEquals(Verdict.TRUST, checked(1, 0).verdict());
    for (Diagnostics wrong : List.of(checked(1.5, 0), checked(1, 0.5))) {
      assertTrue(wrong.figures().get("sbc_p") < 0.01, wrong.toString());
      assertFalse(wrong.verdict() == Verdict.TRUST, wrong.toString());
    }
  }

  /** A posterior that is wrong of some observations is right of others. */
  @Test
  void theLocalTestLooksAtTheObservation() {
    assertEquals(Verdict.TRUST, local(1.5, (k, x, seed) -> exact(k, x, 1, 0, seed)).verdict());
    assertEquals(Verdict.TRUST, local(-1.5, ChecksTest::wrongFarOut).verdict());
    Diagnostics wrong = local(1.5, ChecksTest::wrongFarOut);
    assertTrue(wrong.figures().get("local_c2st_p") < 0.05, wrong.toString());
    assertEquals(Verdict.DOUBTFUL, wrong.verdict());
  }

  private static Diagnostics local(double observation, ConditionalDraws draws) {
    var problem = LinearGaussian.problem(1, S, new double[] {observation});
    JointDraws truth = JointDraws.of(problem.prior(), problem.simulator(), 1000, new Seed(5));
    var material =
        new Checks.Material(CheckConfig.DEFAULT, Optional.of(truth), truth.observations());
    return new Checks(problem, material, new Seed(6)).local(draws, 2).diagnostics();
  }

  /** Shifted where the data are above 1. */
  private static Matrix wrongFarOut(int k, Matrix x, Seed seed) {
    Matrix out = exact(k, x, 1, 0, seed);
    Matrix shifted = exact(k, x, 1, 1.5, seed);
    for (int i = 0; i < out.rows(); i++) {
      if (x.row(i / k)[0] > 1) {
        out.values()[i] = shifted.values()[i];
      }
    }
    return out;
  }

  /** Fewer than 900 simulations say nothing of one observation. */
  @Test
  void noLocalTestOfFew() {
    var problem = LinearGaussian.problem(1, S, new double[] {0.3});
    JointDraws truth = JointDraws.of(problem.prior(), problem.simulator(), 899, new Seed(5));
    var material =
        new Checks.Material(CheckConfig.DEFAULT, Optional.of(truth), truth.observations());
    Checks checks =
        new Checks(problem, material, new Seed(6))
            .local((k, x, seed) -> exact(k, x, 1, 0, seed), 1);
    assertTrue(checks.diagnostics().figures().isEmpty());
    assertTrue(checks.graphs().isEmpty());
  }

  /** The whole of it: figures, pictures, and a verdict of a posterior that is fine. */
  @Test
  void aPosteriorChecksItself() {
    var problem = LinearGaussian.problem(1, S, new double[] {0.3});
    try (Posterior posterior = Sbi.infer("npe", Map.of("steps", 600), problem, 1, 2000)) {
      Diagnostics diagnostics = posterior.diagnostics();
      for (String name : List.of("sbc_p", "tarp_p", "misspecification_p", "predictive_p")) {
        double p = diagnostics.figures().get(name);
        assertTrue(p >= 0 && p <= 1, name + " = " + p);
      }
      assertEquals(Verdict.TRUST, diagnostics.verdict(), diagnostics.toString());
      List<String> names = posterior.graphs().stream().map(Graph::name).toList();
      assertTrue(names.contains("sbc-p") && names.contains("tarp-p"), names.toString());
    }
  }

  /** An observation that the simulator does not give. */
  @Test
  void anObservationFromElsewhere() {
    var problem = LinearGaussian.problem(1, S, new double[] {30});
    try (Posterior posterior = Sbi.infer("npe", Map.of("steps", 100), problem, 1, 500)) {
      assertTrue(posterior.diagnostics().figures().get("misspecification_p") < 0.01);
      assertEquals(Verdict.DO_NOT_USE, posterior.diagnostics().verdict());
    }
  }
}
