package org.thalweg.sbi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.inference.Check;
import org.thalweg.api.inference.Diagnostics;
import org.thalweg.api.inference.Diagnostics.Verdict;
import org.thalweg.api.inference.Graph;
import org.thalweg.api.inference.Posterior;
import org.thalweg.api.inference.Simulator;
import org.thalweg.api.inference.SimulatorProblem;
import org.thalweg.api.random.Seed;
import org.thalweg.sbi.calibration.ConditionalDraws;
import org.thalweg.sbi.calibration.JointDraws;
import org.thalweg.sbi.run.SimulationConfig;

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

  private static CheckMaterial material(JointDraws truth) {
    return new CheckMaterial(
        CheckConfig.DEFAULT,
        Optional.of(truth),
        Optional.of(truth),
        Optional.empty(),
        truth.observations(),
        () -> false);
  }

  private static Diagnostics checked(double widened, double shift) {
    var problem = LinearGaussian.problem(1, S, new double[] {0.3});
    JointDraws truth = JointDraws.of(problem.prior(), problem.simulator(), 300, new Seed(5));
    CheckMaterial material = material(truth);
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
    CheckMaterial material = material(truth);
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
    CheckMaterial material = material(truth);
    Checks checks =
        new Checks(problem, material, new Seed(6))
            .local((k, x, seed) -> exact(k, x, 1, 0, seed), 1);
    assertTrue(checks.diagnostics().figures().isEmpty());
    assertTrue(checks.graphs().isEmpty());
    Check check = checks.diagnostics().checks().get(0);
    assertEquals(Check.Outcome.NOT_MADE, check.outcome());
    assertTrue(check.sentence().startsWith("899 simulations"), check.sentence());
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
      Map<String, Check.Outcome> outcomes = new TreeMap<>();
      diagnostics.checks().forEach(check -> outcomes.put(check.name(), check.outcome()));
      assertEquals(
          Set.of(
              "observation_outside failure_rate misspecification_p information regression_p sbc_p tarp_p local_c2st_p predictive_failure_rate predictive_p acceptance"
                  .split(" ")),
          outcomes.keySet());
      assertEquals(Check.Outcome.NOT_MADE, outcomes.remove("local_c2st_p"));
      assertEquals(Set.of(Check.Outcome.PASSED), Set.copyOf(outcomes.values()));
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

  private static Check check(Diagnostics diagnostics, String name) {
    return diagnostics.checks().stream()
        .filter(c -> c.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is missing: " + diagnostics));
  }

  private static SimulatorProblem with(Simulator simulator, double[]... observations) {
    SimulatorProblem plain = LinearGaussian.problem(1, S, observations);
    return new SimulatorProblem("bad", plain.prior(), simulator, plain.observation());
  }

  /** 200 draws whose simulations do what they like. */
  private static Diagnostics predicted(Simulator simulator, BooleanSupplier interrupted) {
    return predicted(200, simulator, interrupted);
  }

  private static Diagnostics predicted(int n, Simulator simulator, BooleanSupplier interrupted) {
    SimulatorProblem problem = with(simulator, new double[] {0.3});
    JointDraws truth =
        JointDraws.of(
            problem.prior(),
            LinearGaussian.problem(1, S, new double[1]).simulator(),
            20,
            new Seed(1));
    var material =
        new CheckMaterial(
            CheckConfig.DEFAULT,
            Optional.of(truth),
            Optional.of(truth),
            Optional.empty(),
            truth.observations(),
            interrupted);
    Matrix draws = exact(n, Matrix.of(new double[] {0.3}), 1, 0, new Seed(2));
    var config = new SimulationConfig(0.01, 1, 0.75);
    return new Checks(problem, material, new Seed(6)).predictive(draws, config, 1).diagnostics();
  }

  private static Simulator failing(double share) {
    return (theta, seed) -> {
      if (seed.child("fails").generator().nextDouble() < share) {
        throw new IllegalStateException("no");
      }
      return new double[] {theta[0] + S * seed.generator().nextGaussian()};
    };
  }

  /** Draws that cannot be simulated speak against the posterior; all of them, and it is useless. */
  @Test
  void drawsThatCannotBeSimulated() {
    Diagnostics none = predicted(failing(0), () -> false);
    assertEquals(Verdict.TRUST, none.verdict(), none.toString());
    assertEquals(Check.Outcome.PASSED, check(none, "predictive_failure_rate").outcome());
    assertEquals(Check.Outcome.PASSED, check(none, "predictive_p").outcome());
    Diagnostics some = predicted(failing(0.3), () -> false);
    assertEquals(Verdict.DOUBTFUL, some.verdict());
    assertEquals(Check.Outcome.FAILED, check(some, "predictive_failure_rate").outcome());
    assertEquals(Check.Outcome.PASSED, check(some, "predictive_p").outcome());
    Diagnostics all = predicted(failing(1), () -> false);
    assertEquals(Verdict.DO_NOT_USE, all.verdict());
    assertTrue(all.reasons().get(0).contains("200 threw an exception"), all.toString());
    assertEquals(Check.Outcome.NOT_MADE, check(all, "predictive_p").outcome());
  }

  /** A simulator that hangs is a verdict, and no end of it. */
  @Test
  void drawsThatHang() {
    Simulator hanging =
        (theta, seed) -> {
          LockSupport.parkNanos(60_000_000_000L);
          return new double[] {1};
        };
    Diagnostics found = predicted(hanging, () -> false);
    assertEquals(Verdict.DO_NOT_USE, found.verdict());
    assertTrue(found.figures().get("predictive_failure_rate") > 0.9, found.toString());
  }

  /** However many were fine before: here one in thirty fails. */
  @Test
  void drawsThatHangAfterManyThatDidNot() {
    AtomicInteger calls = new AtomicInteger();
    Simulator hanging =
        (theta, seed) -> {
          long end = System.nanoTime() + 20_000_000_000L;
          // It does not listen.
          while (calls.get() >= 2000 && System.nanoTime() < end) {
            LockSupport.parkNanos(100_000_000);
            Thread.interrupted();
          }
          calls.incrementAndGet();
          return new double[] {theta[0] + S * seed.generator().nextGaussian()};
        };
    Diagnostics found = predicted(2200, hanging, () -> false);
    assertEquals(Check.Outcome.PASSED, check(found, "predictive_failure_rate").outcome());
    assertEquals(Verdict.DO_NOT_USE, found.verdict());
    assertTrue(found.reasons().get(0).contains("given up: 65 calls"), found.toString());
  }

  /** Whoever interrupts keeps the posterior, and is told what was not looked at. */
  @Test
  void anInterruptionEndsTheCheck() {
    AtomicInteger run = new AtomicInteger();
    Simulator slow =
        (theta, seed) -> {
          run.incrementAndGet();
          LockSupport.parkNanos(5_000_000);
          return new double[] {theta[0]};
        };
    Diagnostics found = predicted(slow, () -> run.get() > 3);
    assertTrue(run.get() < 50, run + " simulations");
    assertEquals(Check.Outcome.NOT_MADE, check(found, "predictive_p").outcome());
    assertEquals("Interrupted.", check(found, "predictive_p").sentence());
    assertEquals(Verdict.TRUST, found.verdict());
  }

  /** Simulations of the prior beside n observations, the last of them where it is put. */
  private static Diagnostics misspecified(int n, int simulations, double last, long seed) {
    var random = new Seed(seed).generator();
    double[][] x = new double[n][];
    Arrays.setAll(x, i -> new double[] {Math.sqrt(1 + S * S) * random.nextGaussian()});
    if (Double.isFinite(last)) {
      x[n - 1][0] = last;
    }
    SimulatorProblem problem = LinearGaussian.problem(1, S, x);
    JointDraws truth =
        JointDraws.of(problem.prior(), problem.simulator(), simulations, new Seed(seed));
    return new Checks(problem, material(truth), new Seed(6)).misspecification().diagnostics();
  }

  /** Twenty observations from the model: an alarm is as rare as for one, and it is one sentence. */
  @Test
  void severalObservationsAreNoMoreReasonToDoubt() {
    int alarms = 0;
    for (long seed = 1; seed <= 60; seed++) {
      alarms += misspecified(20, 2000, Double.NaN, seed).verdict() == Verdict.TRUST ? 0 : 1;
    }
    // 0.6 are expected; four or more of 60 come four times in a thousand.
    assertTrue(alarms < 4, alarms + " alarms of 60");
    Diagnostics wrong = misspecified(20, 2000, 30, 1);
    assertEquals(Verdict.DOUBTFUL, wrong.verdict());
    assertEquals(1, wrong.reasons().size());
    assertTrue(wrong.reasons().get(0).contains("observation 20 of 20"), wrong.toString());
  }

  /** A check that could not fail is not said to have passed. */
  @Test
  void tooFewSimulationsForAThreshold() {
    Check check = check(misspecified(20, 1999, 30, 1), "misspecification_p");
    assertEquals(Check.Outcome.NOT_MADE, check.outcome());
    assertTrue(check.sentence().contains("1999 simulations; 2000 are needed"), check.sentence());
    assertEquals(Verdict.DOUBTFUL, misspecified(1, 100, 30, 1).verdict());
  }
}
