package org.thalweg.sbi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.inference.Diagnostics.Verdict;
import org.thalweg.api.inference.InferenceEvent;
import org.thalweg.api.inference.ParameterBlock;
import org.thalweg.api.inference.Posterior;
import org.thalweg.api.inference.Prior;
import org.thalweg.api.inference.Simulator;
import org.thalweg.api.inference.SimulatorProblem;
import org.thalweg.api.random.Seed;

/** What a user may get wrong has a clear answer. */
class BadInputTest {
  private static final Map<String, Object> SHORT =
      Map.of(
          "epochs", 2,
          "simulation-timeout", 0.2,
          "calibration-simulations", 0,
          "local-simulations", 0,
          "predictive-simulations", 0);

  private static SimulatorProblem with(Simulator simulator, double... observation) {
    SimulatorProblem plain = LinearGaussian.problem(2, 0.5, observation);
    return new SimulatorProblem("bad", plain.prior(), simulator, Matrix.of(observation));
  }

  private static double[] good(double[] theta, Seed seed) {
    return new double[] {
      theta[0] + 0.5 * seed.generator().nextGaussian(), theta[1], theta[0] - theta[1]
    };
  }

  private static ThalwegException refused(SimulatorProblem problem, int rounds, int budget) {
    return refused("snpe-c", problem, rounds, budget);
  }

  private static ThalwegException refused(
      String method, SimulatorProblem problem, int rounds, int budget) {
    return assertThrows(
        ThalwegException.class, () -> Sbi.infer(method, SHORT, problem, rounds, budget));
  }

  private static void says(ThalwegException refused, ExitCode code, String part) {
    assertEquals(code, refused.exitCode());
    assertTrue(refused.getMessage().contains(part), refused.getMessage());
  }

  /** 30 % are left out, counted, and make the posterior doubtful. */
  @Test
  void someSimulationsFail() {
    Simulator failing =
        (theta, seed) -> {
          if (seed.child("fails").generator().nextDouble() < 0.3) {
            throw new IllegalStateException("out of cheese");
          }
          return good(theta, seed);
        };
    Sbi.Log log = new Sbi.Log();
    try (Posterior posterior =
        Sbi.infer("npe", SHORT, with(failing, 0, 0, 0), Sbi.options(1, 1000), log)) {
      assertEquals(0.3, posterior.diagnostics().figures().get("failure_rate"), 0.05);
      assertEquals(Verdict.DOUBTFUL, posterior.diagnostics().verdict());
      String reason = posterior.diagnostics().reasons().get(0);
      assertTrue(
          reason.contains("threw an exception, such as 'IllegalStateException: out of cheese'"),
          reason);
      assertTrue(log.events.stream().anyMatch(e -> e instanceof InferenceEvent.Warned));
    }
  }

  @Test
  void allSimulationsFail() {
    SimulatorProblem nan = with((theta, seed) -> new double[] {theta[0], Double.NaN, 1}, 0, 0, 0);
    says(refused(nan, 1, 100), ExitCode.DATA, " gave NaN or infinity");
  }

  /** At 0.2 seconds each and 0.75 allowed failures it is over after some 25 of them. */
  @Test
  void allHang() {
    Simulator hanging =
        (theta, seed) -> {
          try {
            Thread.sleep(60_000);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return good(theta, seed);
        };
    assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> {
          ThalwegException refused = refused(with(hanging, 0, 0, 0), 1, 100_000);
          says(refused, ExitCode.DATA, "too many to learn from the rest");
        });
  }

  @Test
  void lengthsVary() {
    Simulator varying = (theta, seed) -> theta[0] > 0 ? good(theta, seed) : new double[] {theta[0]};
    try (Posterior posterior = Sbi.infer("npe", SHORT, with(varying, 0, 0, 0), 1, 400)) {
      String reason = posterior.diagnostics().reasons().get(0);
      assertTrue(reason.contains("gave another number of values"), reason);
    }
  }

  @Test
  void observationOfAnotherLength() {
    says(
        refused(with(BadInputTest::good, 0, 0), 1, 100),
        ExitCode.USAGE,
        "The observation has 2 numbers");
  }

  @Test
  void observationWithoutANumber() {
    says(
        refused(with(BadInputTest::good, 0, Double.NaN, 0), 1, 100),
        ExitCode.USAGE,
        "Number 2 of observation 1 is NaN");
  }

  @Test
  void observationFarOutside() {
    try (Posterior posterior =
        Sbi.infer("npe", SHORT, with(BadInputTest::good, 0, 0, 1e6), 1, 200)) {
      assertEquals(Verdict.DO_NOT_USE, posterior.diagnostics().verdict());
      String reason = posterior.diagnostics().reasons().get(0);
      assertTrue(reason.contains("Number 3 of the observation lies outside"), reason);
    }
  }

  @Test
  void someHang() {
    Simulator hanging =
        (theta, seed) -> {
          if (theta[0] > 2) {
            try {
              Thread.sleep(60_000);
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          }
          return good(theta, seed);
        };
    try (Posterior posterior = Sbi.infer("npe", SHORT, with(hanging, 0, 0, 0), 1, 100)) {
      double rate = posterior.diagnostics().figures().get("failure_rate");
      assertTrue(rate > 0 && rate < 0.1, "failure rate " + rate);
    }
  }

  /** A prior that never varies in one parameter. */
  @Test
  void fixedParameter() {
    Prior fixed =
        new Prior() {
          @Override
          public List<ParameterBlock> parameters() {
            return List.of(ParameterBlock.real("a"), ParameterBlock.real("b"));
          }

          @Override
          public Matrix sample(int n, Seed seed) {
            double[] values = new double[2 * n];
            for (int i = 0; i < n; i++) {
              values[2 * i] = seed.child(i).generator().nextGaussian();
              values[2 * i + 1] = 2.5;
            }
            return new Matrix(n, 2, values);
          }

          @Override
          public double[] logDensity(Matrix parameters) {
            return new double[parameters.rows()];
          }
        };
    var problem =
        new SimulatorProblem("fixed", fixed, BadInputTest::good, Matrix.of(new double[3]));
    says(refused(problem, 1, 100), ExitCode.USAGE, "parameter 'b' the value 2.5 in every draw");
  }

  @Test
  void budgets() {
    SimulatorProblem problem = with(BadInputTest::good, 0, 0, 0);
    says(refused(problem, 1, 0), ExitCode.USAGE, "0 simulations");
    says(refused(problem, 0, 100), ExitCode.USAGE, "at least 1 round");
    says(refused("npe", problem, 2, 100), ExitCode.USAGE, "snpe-c");
  }

  /** A likelihood cannot be drawn from directly. */
  @Test
  void impossibleSampler() {
    ThalwegException refused =
        assertThrows(
            ThalwegException.class,
            () ->
                Sbi.infer(
                    "nle",
                    Map.of("epochs", 1, "sampler", "direct"),
                    with(BadInputTest::good, 0, 0, 0),
                    1,
                    100));
    says(refused, ExitCode.USAGE, "cannot be drawn from directly");
  }
}
