package org.thalweg.sbi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.Checkpoints;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.api.inference.Diagnostics;
import org.thalweg.api.inference.InferenceEvent;
import org.thalweg.api.inference.InferenceListener;
import org.thalweg.api.inference.InferenceOptions;
import org.thalweg.api.inference.Posterior;
import org.thalweg.api.inference.SimulatorProblem;
import org.thalweg.api.random.Seed;

/** What was stopped goes on, and comes to the same bits. */
class ResumeTest {
  private static final Map<String, Object> SHORT =
      Map.of("epochs", 5, "chains", 20, "warmup", 5, "predictive-simulations", 50);

  private static SimulatorProblem counted(AtomicInteger calls) {
    return failing(calls, Double.POSITIVE_INFINITY);
  }

  /** Gives NaN where the first parameter, which is standard normal, is above a number. */
  private static SimulatorProblem failing(AtomicInteger calls, double above) {
    SimulatorProblem plain = LinearGaussian.problem(2, 0.5, new double[] {0.5, 0.5});
    return new SimulatorProblem(
        plain.name(),
        plain.prior(),
        (theta, seed) -> {
          calls.incrementAndGet();
          return theta[0] > above
              ? new double[] {Double.NaN, Double.NaN}
              : plain.simulator().simulate(theta, seed);
        },
        plain.observation());
  }

  private static InferenceOptions options(MemoryCheckpoints checkpoints) {
    return new InferenceOptions(new Seed(3), 2, 400, Optional.empty(), checkpoints);
  }

  private static void stoppedAndResumed(String method, Predicate<InferenceEvent> when) {
    stoppedAndResumed(method, Double.POSITIVE_INFINITY, when);
  }

  /** The draws and the judgement are those of an inference that was not stopped. */
  private static Diagnostics stoppedAndResumed(
      String method, double above, Predicate<InferenceEvent> when) {
    SimulatorProblem whole = failing(new AtomicInteger(), above);
    Sbi.Log heard = new Sbi.Log();
    Matrix expected;
    Diagnostics judged;
    try (Posterior posterior =
        Sbi.infer(method, SHORT, whole, options(new MemoryCheckpoints()), heard)) {
      expected = posterior.sample(50, new Seed(1));
      judged = posterior.diagnostics();
    }
    AtomicInteger calls = new AtomicInteger();
    MemoryCheckpoints checkpoints = new MemoryCheckpoints();
    ThalwegException stopped =
        assertThrows(
            ThalwegException.class,
            () ->
                Sbi.infer(
                    method, SHORT, failing(calls, above), options(checkpoints), new Stops(when)));
    assertEquals(ExitCode.INTERRUPTED, stopped.exitCode());
    assertTrue(stopped.getMessage().contains("--resume"), stopped.getMessage());
    Sbi.Log log = new Sbi.Log();
    try (Posterior posterior =
        Sbi.infer(method, SHORT, failing(calls, above), options(checkpoints), log)) {
      assertEquals(400, calls.get());
      assertArrayEquals(expected.values(), posterior.sample(50, new Seed(1)).values());
      assertEquals(judged, posterior.diagnostics());
      assertEquals(lastSimulated(heard), lastSimulated(log));
    }
    return judged;
  }

  private static InferenceEvent.Simulated lastSimulated(Sbi.Log log) {
    return log.events.stream()
        .filter(InferenceEvent.Simulated.class::isInstance)
        .map(InferenceEvent.Simulated.class::cast)
        .reduce((first, second) -> second)
        .orElseThrow();
  }

  /** Nothing is pending where training was stopped, and simulations have failed all the same. */
  @Test
  void failuresAreNotForgotten() {
    Diagnostics judged =
        stoppedAndResumed("snpe-c", 0.4, e -> e instanceof InferenceEvent.Training);
    double rate = judged.figures().get("failure_rate");
    assertTrue(rate > 0.25, "failure rate " + rate);
    assertEquals(Diagnostics.Verdict.DOUBTFUL, judged.verdict());
    // Two rounds with a rate of their own, and one sentence of all simulations.
    String said = "%.1f %% of simulations failed".formatted(100 * rate);
    assertEquals(1, judged.reasons().stream().filter(r -> r.contains("left out")).count());
    assertTrue(judged.reasons().stream().anyMatch(r -> r.startsWith(said)), judged.toString());
  }

  @Test
  void tooManyFailuresAreRefusedAgain() {
    AtomicInteger calls = new AtomicInteger();
    MemoryCheckpoints checkpoints = new MemoryCheckpoints();
    for (int i = 0; i < 2; i++) {
      ThalwegException refused =
          assertThrows(
              ThalwegException.class,
              () ->
                  Sbi.infer(
                      "snpe-c", SHORT, failing(calls, -1), options(checkpoints), event -> {}));
      assertEquals(ExitCode.DATA, refused.exitCode());
      assertTrue(refused.getMessage().contains("too many to learn from"), refused.getMessage());
      assertEquals(200, calls.get(), "the first round, once");
    }
  }

  @Test
  void inTrainingOfTheFirstRound() {
    stoppedAndResumed("snpe-c", e -> e instanceof InferenceEvent.Training);
  }

  /** With the weights of the round before, and with fresh ones. */
  @ParameterizedTest
  @ValueSource(strings = {"sre", "snpe-c"})
  void inTrainingOfTheSecondRound(String method) {
    stoppedAndResumed(method, inTheSecondRound(InferenceEvent.Training.class));
  }

  private static Predicate<InferenceEvent> inTheSecondRound(Class<?> event) {
    AtomicInteger round = new AtomicInteger();
    return e -> {
      if (e instanceof InferenceEvent.RoundStarted started) {
        round.set(started.round());
      }
      return round.get() == 2 && event.isInstance(e);
    };
  }

  /** What the first round taught is not lost, however often the second is stopped. */
  @ParameterizedTest
  @ValueSource(strings = {"sre", "snpe-c"})
  void twiceInSimulatingTheSecondRound(String method) {
    AtomicInteger calls = new AtomicInteger();
    MemoryCheckpoints checkpoints = new MemoryCheckpoints();
    for (int i = 0; i < 2; i++) {
      var stops = new Stops(inTheSecondRound(InferenceEvent.Simulated.class));
      ThalwegException stopped =
          assertThrows(
              ThalwegException.class,
              () -> Sbi.infer(method, SHORT, slow(counted(calls)), options(checkpoints), stops));
      assertTrue(stopped.getMessage().contains("while simulating"), stopped.getMessage());
      assertTrue(calls.get() < 400, "stopped too late: " + calls);
    }
    Matrix expected;
    try (Posterior posterior =
        Sbi.infer(
            method,
            SHORT,
            counted(new AtomicInteger()),
            options(new MemoryCheckpoints()),
            event -> {})) {
      expected = posterior.sample(50, new Seed(1));
    }
    try (Posterior posterior =
        Sbi.infer(method, SHORT, counted(calls), options(checkpoints), event -> {})) {
      assertArrayEquals(expected.values(), posterior.sample(50, new Seed(1)).values());
    }
  }

  private static SimulatorProblem slow(SimulatorProblem plain) {
    return new SimulatorProblem(
        plain.name(),
        plain.prior(),
        (theta, seed) -> {
          sleepUntil(System.nanoTime() + 10_000_000L);
          return plain.simulator().simulate(theta, seed);
        },
        plain.observation());
  }

  /** A round that had no time to train leaves what the round before taught. */
  @Test
  void timeIsOverBeforeTheSecondRoundTrains() {
    Duration limit = Duration.ofSeconds(8);
    long end = System.nanoTime() + limit.toNanos();
    SimulatorProblem plain = LinearGaussian.problem(2, 0.5, new double[] {0.5, 0.5});
    var how = new InferenceOptions(new Seed(3), 2, 2000, Optional.of(limit), Checkpoints.NONE);
    Map<String, Object> options = Map.of("steps", 150, "predictive-simulations", 0);
    InferenceListener slow =
        event -> {
          if (event instanceof InferenceEvent.RoundSimulated done
              && done.simulations().rounds().length > 1000) {
            sleepUntil(end);
          }
        };
    try (Posterior posterior = Sbi.infer("snpe-c", options, plain, how, slow)) {
      double[] draws = posterior.sample(4000, new Seed(1)).column(0);
      Moments of = Moments.of(draws);
      // The exact posterior's are 0.4 and 0.447, the prior's 0 and 1.
      assertEquals(0.4, of.mean(), 0.15);
      assertEquals(0.447, of.deviation(), 0.15);
    }
  }

  /** Killed without a chance to save, while one is under way: that one alone is run again. */
  @Test
  void killedWhileSimulating() {
    AtomicInteger calls = new AtomicInteger();
    AtomicBoolean dead = new AtomicBoolean();
    MemoryCheckpoints checkpoints = new MemoryCheckpoints();
    SimulatorProblem plain = counted(calls);
    var slow =
        new SimulatorProblem(
            plain.name(),
            plain.prior(),
            (theta, seed) -> {
              double[] out = plain.simulator().simulate(theta, seed);
              if (calls.get() == 22) {
                // Those before are saved meanwhile, and long before checkpoint-seconds, 10, are
                // over.
                long end = System.nanoTime() + 8_000_000_000L;
                while (saved(checkpoints) < 21 && System.nanoTime() < end) {
                  sleepUntil(System.nanoTime() + 1_000_000L);
                }
                dead.set(true);
                sleepUntil(System.nanoTime() + 60_000_000_000L);
              }
              return out;
            },
            plain.observation());
    var how = new InferenceOptions(new Seed(3), 1, 60, Optional.empty(), checkpoints);
    InferenceListener kills =
        event -> {
          if (dead.get()) {
            throw new IllegalStateException("killed");
          }
        };
    IllegalStateException killed =
        assertThrows(IllegalStateException.class, () -> Sbi.infer("npe", SHORT, slow, how, kills));
    assertEquals("killed", killed.getMessage());
    Sbi.infer("npe", SHORT, plain, how, event -> {}).close();
    assertEquals(61, calls.get());
  }

  private static long saved(MemoryCheckpoints checkpoints) {
    return checkpoints
        .latest()
        .map(r -> LongStream.of(r.tensor("simulations.outcome").toLongs()).filter(o -> o != 0))
        .map(LongStream::count)
        .orElse(0L);
  }

  private static void sleepUntil(long end) {
    try {
      Thread.sleep(Math.max(0, (end - System.nanoTime()) / 1_000_000 + 1));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void anotherBudgetIsRefused() {
    MemoryCheckpoints checkpoints = new MemoryCheckpoints();
    AtomicInteger calls = new AtomicInteger();
    Sbi.infer("snl", SHORT, counted(calls), options(checkpoints), event -> {}).close();
    var other = new InferenceOptions(new Seed(3), 2, 500, Optional.empty(), checkpoints);
    ThalwegException refused =
        assertThrows(
            ThalwegException.class,
            () -> Sbi.infer("snl", SHORT, counted(calls), other, event -> {}));
    assertTrue(refused.getMessage().contains("budget"), refused.getMessage());
    assertEquals(400, calls.get());
  }

  /** What was saved gives the same draws and densities. */
  @Test
  void savedAndLoaded() {
    SimulatorProblem problem = counted(new AtomicInteger());
    var how = new InferenceOptions(new Seed(3), 1, 300, Optional.empty(), Checkpoints.NONE);
    for (String method : new String[] {"npe", "nle", "nre"}) {
      try (Posterior posterior = Sbi.infer(method, SHORT, problem, how, event -> {})) {
        ModelReader reader = MemoryCheckpoints.written(card(method), posterior::save);
        try (Posterior loaded = Sbi.REGISTRY.method(method).load(problem, reader, Sbi.CONTEXT)) {
          Matrix draws = posterior.sample(40, new Seed(1));
          assertArrayEquals(draws.values(), loaded.sample(40, new Seed(1)).values());
          assertEquals(posterior.logDensity(draws)[7], loaded.logDensity(draws)[7]);
          assertEquals(posterior.diagnostics(), loaded.diagnostics());
        }
      }
    }
  }

  private static ModelCard card(String method) {
    Record config = Sbi.bound(method, SHORT);
    return new ModelCard(
        method,
        config,
        org.thalweg.api.data.Schema.features(2),
        3,
        "cpu float32",
        new java.util.TreeMap<>());
  }
}
