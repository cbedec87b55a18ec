package org.thalweg.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fit that is stopped goes on to the same bits as one that was not. */
class InterruptionTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  @TempDir Path directory;

  @Test
  void aStoppedFitGoesOnToTheSameBits() throws Exception {
    Path data = Tables.pair(directory.resolve("data.csv"), 600);
    Path whole = directory.resolve("whole.thalweg");
    launch().run(fit(data, whole)).succeeded();
    String expected = Models.weights(whole);

    Path interrupted = directory.resolve("interrupted.thalweg");
    Outcome outcome = stop("INT", data, interrupted).exited(130);
    assertTrue(outcome.err().contains("--resume"), outcome::toString);
    assertTrue(Files.notExists(interrupted), "an unfinished fit leaves no model");
    launch().run(resume(data, interrupted)).succeeded();
    assertEquals(expected, Models.weights(interrupted), "after SIGINT");

    Path killed = directory.resolve("killed.thalweg");
    stop("KILL", data, killed).exited(137);
    assertTrue(Files.notExists(killed), "an unfinished fit leaves no model");
    launch().run(resume(data, killed)).succeeded();
    assertEquals(expected, Models.weights(killed), "after SIGKILL");

    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(4, left.count(), "a finished fit leaves no checkpoint");
    }
  }

  @Test
  void aFitWithOtherOptionsDoesNotGoOn() throws Exception {
    Path data = Tables.pair(directory.resolve("data.csv"), 600);
    Path model = directory.resolve("model.thalweg");
    stop("INT", data, model).exited(130);
    String[] other = Models.fit("maf", data, model, "--resume");
    Path checkpoint = directory.resolve("model.thalweg.checkpoint");
    String before = Models.file(checkpoint);
    launch().run(other).refused(2, "estimator was nsf-coupling and is maf");
    String[] steps = Models.fit("nsf-coupling", data, model, "--resume");
    Outcome outcome = launch().run(steps).refused(2, "steps was 120 and is 0");
    assertFalse(outcome.err().contains("Config["), outcome::toString);
    assertEquals(before, Models.file(checkpoint), "the first fit can still go on");
    assertTrue(Files.notExists(model));
  }

  /** Stops a fit once a checkpoint is on the disk. */
  private Outcome stop(String signal, Path data, Path model) throws Exception {
    try (Launch.Running fit = launch().start(fit(data, model))) {
      long deadline = System.nanoTime() + LIMIT.toNanos();
      while (!checkpointed(model)) {
        assertTrue(fit.process().isAlive(), () -> "the fit ended by itself: " + fit.err());
        assertTrue(System.nanoTime() < deadline, () -> "no checkpoint: " + fit.err());
        Thread.sleep(20);
      }
      fit.signal(signal);
      return fit.await(LIMIT);
    }
  }

  private static boolean checkpointed(Path model) throws IOException {
    String name = model.getFileName().toString().replace(".thalweg", "");
    try (Stream<Path> files = Files.list(model.getParent())) {
      return files
          .map(file -> file.getFileName().toString())
          .anyMatch(file -> file.startsWith(name) && file.endsWith("checkpoint"));
    }
  }

  private static String[] fit(Path data, Path model) {
    return Models.fit("nsf-coupling", data, model, STEPS);
  }

  private static String[] resume(Path data, Path model) {
    String[] words = Stream.concat(Stream.of(STEPS), Stream.of("--resume")).toArray(String[]::new);
    return Models.fit("nsf-coupling", data, model, words);
  }

  /** Enough steps to be stopped within, and a checkpoint at each validation. */
  private static final String[] STEPS = {
    "--set",
    "steps=120",
    "--set",
    "validate-every=10",
    "--set",
    "checkpoint-seconds=0",
    "--set",
    "patience=0"
  };

  private Launch launch() {
    return Launch.in(directory);
  }
}
