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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "auto"})
  void aWrongLibraryPathIsRefused(String engine) {
    Path nowhere = directory.resolve("nowhere");
    launch()
        .with("PYTORCH_LIBRARY_PATH", nowhere.toString())
        .run(fit(engine))
        .refused(4, "PYTORCH_LIBRARY_PATH", "nowhere", "does not exist", "libtorch 2.7.1");
    assertTrue(Files.notExists(model));
  }

  @Test
  void aLibTorchOfAnotherVersionIsRefused() throws IOException {
    Path lib = otherLibTorch();
    launch()
        .with("PYTORCH_LIBRARY_PATH", lib.toString())
        .run(fit("cpu"))
        .refused(4, "it is version 2.6.0+cu124, and 2.7.1 is needed");
    Outcome doctor =
        launch().with("PYTORCH_LIBRARY_PATH", lib.toString()).run("doctor").succeeded();
    assertTrue(doctor.out().contains("2.7.1 is needed"), doctor::toString);
    assertTrue(doctor.out().contains("unset it"), doctor::toString);
    Outcome list =
        launch().with("PYTORCH_LIBRARY_PATH", lib.toString()).run("list", "engines").succeeded();
    assertTrue(list.out().contains("2.7.1 is needed"), list::toString);
  }

  private Path otherLibTorch() throws IOException {
    Path lib = Files.createDirectories(directory.resolve("libtorch").resolve("lib"));
    for (String name : new String[] {"torch", "torch_cpu", "c10"}) {
      Files.createFile(lib.resolve(System.mapLibraryName(name)));
    }
    Files.writeString(lib.resolveSibling("build-version"), "2.6.0+cu124");
    return lib;
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
