package org.thalweg.sbi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.inference.Diagnostics;
import org.thalweg.api.inference.InferenceEvent;
import org.thalweg.api.inference.InferenceOptions;
import org.thalweg.api.inference.Posterior;
import org.thalweg.api.inference.SimulatorProblem;
import org.thalweg.api.random.Seed;

/** A simulator that is too slow for the time that there is. */
class TimeLimitTest {
  private static final Map<String, Object> SHORT =
      Map.of("predictive-simulations", 0, "calibration-simulations", 0);

  private final AtomicInteger calls = new AtomicInteger();
  private final MemoryCheckpoints checkpoints = new MemoryCheckpoints();

  private SimulatorProblem slow(long millis) {
    SimulatorProblem plain = LinearGaussian.problem(2, 0.5, new double[] {0.5, 0.5});
    return new SimulatorProblem(
        plain.name(),
        plain.prior(),
        (theta, seed) -> {
          calls.incrementAndGet();
          try {
            Thread.sleep(millis);
          } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
          }
          return plain.simulator().simulate(theta, seed);
        },
        plain.observation());
  }

  private InferenceOptions options(int rounds, long millis) {
    return new InferenceOptions(
        new Seed(3), rounds, 2000, Optional.of(Duration.ofMillis(millis)), checkpoints);
  }

  /** Half of the time is for training on what was simulated in the other half. */
  @Test
  void whatThereWasTimeForIsLearntFrom() {
    Sbi.Log log = new Sbi.Log();
    try (Posterior posterior = Sbi.infer("snpe-c", SHORT, slow(20), options(2, 6000), log)) {
      Diagnostics judged = posterior.diagnostics();
      int run = calls.get();
      assertTrue(run >= 20 && run <= 160, "simulations: " + run);
      assertEquals(Diagnostics.Verdict.DOUBTFUL, judged.verdict());
      // Those under way at the end were not waited for.
      int done = judged.figures().get("simulations").intValue();
      assertTrue(done <= run && done >= run - 1, done + " of " + run);
      String reason =
          "The time limit ended simulating in round 1 of 2, after %d of 2000 simulations."
              .formatted(done);
      assertTrue(judged.reasons().contains(reason), judged.toString());
      assertTrue(judged.figures().get("steps_round_1") > 0, judged.toString());
      assertEquals(1, judged.figures().get("rounds"));
      assertEquals(done, posterior.simulations().orElseThrow().rounds().length);
    }
    List<InferenceEvent> rounds =
        log.events.stream().filter(InferenceEvent.RoundStarted.class::isInstance).toList();
    assertEquals(1, rounds.size());
    var unlimited = new InferenceOptions(new Seed(3), 2, 2000, Optional.empty(), checkpoints);
    try (Posterior posterior = Sbi.infer("snpe-c", SHORT, slow(0), unlimited, event -> {})) {
      Diagnostics judged = posterior.diagnostics();
      assertEquals(2000, judged.figures().get("simulations"));
      assertTrue(
          judged.reasons().stream().noneMatch(r -> r.contains("ended simulating")),
          judged.toString());
    }
  }

  /** Too few are no posterior; they are kept. */
  @Test
  void tooFewAreRefused() {
    ThalwegException refused =
        assertThrows(
            ThalwegException.class,
            () -> Sbi.infer("npe", SHORT, slow(100), options(1, 1000), event -> {}));
    assertEquals(ExitCode.USAGE, refused.exitCode());
    String message = refused.getMessage();
    assertTrue(message.contains("time limit of 1.0 s"), message);
    assertTrue(message.contains("--resume"), message);
    assertTrue(calls.get() < 20, "calls: " + calls);
    assertEquals(
        2000, checkpoints.latest().orElseThrow().tensor("simulations.outcome").toLongs().length);
  }
}
