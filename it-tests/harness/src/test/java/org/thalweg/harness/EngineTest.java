package org.thalweg.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

  @ParameterizedTest
  @ValueSource(strings = {"list engines", "doctor"})
  void bothAreListedAndTheMissingOneWithReasonAndCure(String command) throws IOException {
    Outcome list = launch().run(command.split(" ")).succeeded();
    assertTrue(list.out().contains("cpu"), list::toString);
    assertTrue(list.out().contains("gpu"), list::toString);
    assertTrue(list.out().contains(documented("no NVIDIA driver was found")), list::toString);
    assertTrue(list.out().contains("choose --engine cpu"), list::toString);
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
  void aWrongLibraryPathIsRefused(String engine) throws IOException {
    Path nowhere = directory.resolve("nowhere");
    launch()
        .with("PYTORCH_LIBRARY_PATH", nowhere.toString())
        .run(fit(engine))
        .refused(
            4,
            "PYTORCH_LIBRARY_PATH",
            "nowhere",
            documented("which does not exist"),
            "libtorch 2.7.1");
    assertTrue(Files.notExists(model));
  }

  @ParameterizedTest
  @CsvSource({
    "a file, holds no libtorch.so",
    "empty, holds no libtorch.so",
    "libtorch, 'has no libtorch.so itself, but its directory '",
    "libtorch/lib, nothing beside it tells its version",
    "torn/lib, it is not whole"
  })
  void aPathToNoWholeLibTorchIsRefused(String path, String said) throws IOException {
    Files.createFile(directory.resolve("a file"));
    Files.createDirectory(directory.resolve("empty"));
    Files.delete(otherLibTorch("libtorch").resolveSibling("build-version"));
    Files.delete(otherLibTorch("torn").resolve(System.mapLibraryName("c10")));
    // As a user types it, from where the command is started.
    launch().with("PYTORCH_LIBRARY_PATH", path).run(fit("auto")).refused(4, documented(said));
    Outcome doctor = launch().with("PYTORCH_LIBRARY_PATH", path).run("doctor").succeeded();
    assertTrue(doctor.out().contains(said), doctor::toString);
  }

  @Test
  void aLibTorchOfAnotherVersionIsRefused() throws IOException {
    Path lib = otherLibTorch("libtorch");
    launch()
        .with("PYTORCH_LIBRARY_PATH", lib.toString())
        .run(fit("cpu"))
        .refused(4, documented("it is version 2.6.0+cu124, and 2.7.1 is needed"));
    Outcome doctor =
        launch().with("PYTORCH_LIBRARY_PATH", lib.toString()).run("doctor").succeeded();
    assertTrue(doctor.out().contains("2.7.1 is needed"), doctor::toString);
    assertTrue(doctor.out().contains("unset it"), doctor::toString);
    Outcome list =
        launch().with("PYTORCH_LIBRARY_PATH", lib.toString()).run("list", "engines").succeeded();
    assertTrue(list.out().contains("2.7.1 is needed"), list::toString);
  }

  /** Three libraries that a machine can load, of which two are not what they are called. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void whatTheLinkerRefusesIsSaidWithItsWords() throws IOException {
    Path lib = otherLibTorch("libtorch");
    byte[] core = partOfLibTorch("libc10.so");
    for (String name : new String[] {"torch", "torch_cpu", "c10"}) {
      Files.write(lib.resolve(System.mapLibraryName(name)), core);
    }
    Launch launch = launch().with("PYTORCH_LIBRARY_PATH", lib.toString());
    Files.writeString(lib.resolveSibling("build-version"), "2.7.1");
    launch
        .run(fit("auto"))
        .refused(
            4, documented("could not be loaded"), documented("cannot open shared object file"));
    Outcome doctor = launch.run("doctor").succeeded();
    assertTrue(doctor.out().contains("does not open"), doctor::toString);
    assertFalse(doctor.err().contains("\tat "), doctor::toString);

    Files.delete(lib.resolveSibling("build-version"));
    launch
        .with("PYTORCH_VERSION", "2.7.1")
        .run(fit("auto"))
        .refused(
            4,
            documented("it is of another version than the 2.7.1 that PYTORCH_VERSION vouches for"));
  }

  private static byte[] partOfLibTorch(String name) throws IOException {
    Path natives =
        Distribution.libraries().stream()
            .filter(jar -> jar.getFileName().toString().startsWith("pytorch-native-cpu"))
            .findFirst()
            .orElseThrow();
    try (ZipFile jar = new ZipFile(natives.toFile())) {
      ZipEntry entry =
          jar.stream().filter(e -> e.getName().endsWith("/" + name)).findFirst().orElseThrow();
      return jar.getInputStream(entry).readAllBytes();
    }
  }

  private Path otherLibTorch(String name) throws IOException {
    Path lib = Files.createDirectories(directory.resolve(name).resolve("lib"));
    for (String part : new String[] {"torch", "torch_cpu", "c10"}) {
      Files.createFile(lib.resolve(System.mapLibraryName(part)));
    }
    Files.writeString(lib.resolveSibling("build-version"), "2.6.0+cu124");
    return lib;
  }

  /** With the processor in the part of a GPU. */
  @Test
  void ofTwoEnginesTheFasterIsMeasuredOnce() throws IOException {
    Path cache = directory.resolve("cache");
    JsonNode figures = two(cache).run(benchEngines("--json")).succeeded().json().get("engines");
    assertEquals(2, figures.size(), figures::toString);
    String faster = "";
    for (JsonNode figure : figures) {
      assertTrue(figure.get("steps_per_second").asDouble() > 0, figures::toString);
      faster = figure.get("fastest").asBoolean() ? figure.get("engine").asText() : faster;
    }
    Path kept = cache.resolve("engines.properties");
    assertTrue(Files.isRegularFile(kept), kept::toString);

    String[] fit = fit("auto");
    fit[Arrays.asList(fit).indexOf("epochs=1")] = "epochs=2000";
    String[] limited = Arrays.copyOf(fit, fit.length + 2);
    limited[fit.length] = "--time-limit";
    limited[fit.length + 1] = "1s";
    Outcome again = two(cache).run(limited).succeeded();
    assertTrue(again.err().contains("Engine " + faster + ": the fastest in an"), again::toString);
    assertTrue(again.err().contains("an earlier measurement of the same work"), again::toString);

    Files.writeString(kept, "\\u00zz");
    Outcome spoilt = two(cache).run(limited).succeeded();
    assertTrue(spoilt.err().contains("the fastest in a short measurement"), spoilt::toString);
    // A file is where the directory should be.
    Outcome none = two(data).run(limited).succeeded();
    assertTrue(none.err().contains("the fastest in a short measurement"), none::toString);
  }

  /** Of a fit with enough steps to be timed. */
  private String[] benchEngines(String... more) {
    List<String> words =
        List.of(
            "bench-engines",
            "--estimator",
            "nsf-coupling",
            "--data",
            data.toString(),
            "--set",
            "epochs=2000",
            "--threads",
            "1");
    return Stream.concat(words.stream(), Arrays.stream(more)).toArray(String[]::new);
  }

  private Launch two(Path cache) {
    return launch()
        .with("THALWEG_CACHE", cache.toString())
        .with("THALWEG_JAVA_OPTS", "-Xmx1g -XX:TieredStopAtLevel=1 -Dthalweg.gpu.simulated=true");
  }

  @Test
  void withOneEngineTheOtherIsSaidWhyNot() {
    Outcome bench =
        launch()
            .with("THALWEG_CACHE", directory.resolve("cache").toString())
            .run(benchEngines())
            .succeeded();
    assertTrue(bench.out().contains("no NVIDIA driver was found"), bench::toString);
    assertTrue(bench.out().contains("ms a step"), bench::toString);
  }

  @Test
  void withNoEngineNothingIsMeasured() {
    launch()
        .with("PYTORCH_LIBRARY_PATH", "nowhere")
        .run("bench-engines", "--estimator", "nsf-coupling", "--data", data.toString())
        .refused(4, "No engine was measured", "cpu not measured", "gpu not measured");
  }

  /** What docs/engines.md promises is said. */
  private static String documented(String said) throws IOException {
    Path page = Path.of(System.getProperty("thalweg.checkout")).resolve("docs/engines.md");
    assertTrue(Files.readString(page).contains(said), said + " is not in " + page);
    return said;
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
