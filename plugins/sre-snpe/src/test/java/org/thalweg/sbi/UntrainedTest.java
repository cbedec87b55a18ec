package org.thalweg.sbi;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.inference.Diagnostics;
import org.thalweg.api.inference.Diagnostics.Verdict;
import org.thalweg.api.inference.Posterior;
import org.thalweg.api.inference.SimulatorProblem;
import org.thalweg.api.inference.SimulatorProvider;

/** What has learnt nothing is not trusted, whatever the method and however few simulations. */
class UntrainedTest {
  /** The thesis's observation. */
  private static final double[] SEEN = {
    -0.97071232,
    -2.94612244,
    -0.44947218,
    -3.42318484,
    -0.13285634,
    -3.36401699,
    -0.85367595,
    -2.42716377
  };

  private static <C extends Record> SimulatorProblem problem(SimulatorProvider<C> provider) {
    var simulation = provider.create(provider.defaults());
    return new SimulatorProblem(
        provider.name(), simulation.prior(), simulation.simulator(), Matrix.of(SEEN));
  }

  private static Diagnostics of(String method, int rounds, int budget, Map<String, Object> more) {
    Map<String, Object> options = new HashMap<>(more);
    // Draws by weight are no less the prior's than those of chains, and cost nothing.
    options.putAll(Map.of("sampler", method.matches("nle|nre|snl|sre") ? "sir" : "auto"));
    SimulatorProblem slcp = problem(Sbi.REGISTRY.simulator("slcp"));
    try (Posterior posterior = Sbi.infer(method, options, slcp, rounds, budget)) {
      return posterior.diagnostics();
    }
  }

  @ParameterizedTest
  @CsvSource({"npe, 1", "nle, 1", "nre, 1", "snpe-c, 2", "snl, 2", "sre, 2", "tsnpe, 2"})
  void twoStepsAreNoTraining(String method, int rounds) {
    Diagnostics found = of(method, rounds, 1000, Map.of("steps", 2));
    assertNotEquals(Verdict.TRUST, found.verdict(), found.toString());
    assertTrue(found.figures().get("regression_p") < 0.01, found.toString());
    assertTrue(found.figures().get("information") < 0.3, found.toString());
  }
}
