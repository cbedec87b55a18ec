package org.thalweg.sbi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.Checkpoints;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.inference.InferenceEvent;
import org.thalweg.api.inference.InferenceOptions;
import org.thalweg.api.inference.SimulatorProblem;
import org.thalweg.api.random.Seed;

/** Methods that tell parameters apart, where there are hardly any to be told apart. */
class FewRowsTest {
  private static final int SIMULATIONS = 20;
  private static final SimulatorProblem PROBLEM =
      LinearGaussian.problem(2, 0.5, new double[] {0.5, 0.5});

  private static InferenceOptions options(long seed) {
    return new InferenceOptions(new Seed(seed), 1, SIMULATIONS, Optional.empty(), Checkpoints.NONE);
  }

  private static Map<String, Object> with(String option, Object value) {
    return Map.of("steps", 40, "chains", 20, "predictive-simulations", 0, option, value);
  }

  /** A row that is told from itself alone has score 0 whatever was learnt. */
  @ParameterizedTest
  @CsvSource({"nre, pair, 1", "nre, set, 1", "sre, pair, 3"})
  void oneValidationRowIsToldFromTrainingRows(String method, String loss, long seed) {
    int[] validation = Trainer.rows(new Seed(seed), 0.1, SIMULATIONS, Trainer.Part.VALIDATION);
    assertEquals(1, validation.length, "the seed has one validation row");
    Sbi.Log log = new Sbi.Log();
    Sbi.infer(method, with("loss", loss), PROBLEM, options(seed), log).close();
    List<Double> scores =
        log.events.stream()
            .filter(InferenceEvent.Training.class::isInstance)
            .map(event -> ((InferenceEvent.Training) event).event())
            .filter(FitEvent.Validated.class::isInstance)
            .map(event -> ((FitEvent.Validated) event).validationLogDensity())
            .toList();
    assertTrue(scores.size() > 1, scores.toString());
    scores.forEach(score -> assertTrue(score < 0 && score > -100, scores.toString()));
  }

  @Test
  void aStepOnOneSimulationIsRefused() {
    says(with("batch-size", 1), "Set batch-size to 2 or more");
  }

  @Test
  void validationThatLeavesNothingToTrainOnIsRefused() {
    int[] training = Trainer.rows(new Seed(2), 0.9, SIMULATIONS, Trainer.Part.TRAINING);
    assertTrue(training.length < 2, "the seed leaves " + training.length);
    says(with("validation", 0.9), "are left to train on");
  }

  private static void says(Map<String, Object> set, String part) {
    ThalwegException refused =
        assertThrows(
            ThalwegException.class, () -> Sbi.infer("nre", set, PROBLEM, options(2), event -> {}));
    assertEquals(ExitCode.USAGE, refused.exitCode());
    assertTrue(refused.getMessage().contains(part), refused.getMessage());
  }
}
