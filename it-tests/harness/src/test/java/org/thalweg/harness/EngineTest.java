package org.thalweg.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The choice of an engine, where there is no CUDA. */
class EngineTest {
  @TempDir Path directory;

  private Path data;
  private Path model;

  @BeforeEach
  void writeData() throws IOException {
    assumeFalse(Files.exists(Path.of("/dev/nvidiactl")), "this machine has a GPU");
    data = Tables.pair(directory.resolve("data.csv"), 200);
    model = directory.resolve("model.thalweg");
  }

  @Test
  void bothAreListedAndTheMissingOneWithReasonAndCure() {
    Outcome list = launch().run("list", "engines").succeeded();
    assertTrue(list.out().contains("cpu"), list::toString);
    assertTrue(list.out().contains("gpu"), list::toString);
    assertTrue(list.out().contains("driver"), list::toString);
  }

  @Test
  void aMissingEngineIsRefused() {
    launch().run(fit("gpu")).refused(4, "gpu", "driver", "--engine cpu");
    assertTrue(Files.notExists(model));
  }

  @Test
  void autoFallsBackAndSaysSo() {
    Outcome fit = launch().run(fit("auto")).succeeded();
    assertTrue(fit.err().contains("cpu") && fit.err().contains("driver"), fit::toString);
  }

  @Test
  void anUnknownEngineIsRefusedWithTheNamesThereAre() {
    Outcome fit = launch().run(fit("tpu")).refused(2, "tpu", "cpu", "gpu");
    assertEquals("", fit.out());
  }

  private String[] fit(String engine) {
    return new String[] {
      "fit",
      "--estimator",
      "nsf-coupling",
      "--data",
      data.toString(),
      "--out",
      model.toString(),
      "--engine",
      engine,
      "--set",
      "epochs=1",
      "--threads",
      "1"
    };
  }

  private Launch launch() {
    return Launch.in(directory);
  }
}
