package org.thalweg.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Inference as it is typed, on the built distribution. */
class InferTest {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  @TempDir Path directory;

  @BeforeEach
  void observe() throws IOException {
    Files.writeString(directory.resolve("seen.csv"), "data_1,data_2\n-0.64,0.16\n");
  }

  private Launch launch() {
    return Launch.in(directory);
  }

  private static String[] infer(String method, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "infer", "--method", method, "--threads", "1", "--engine", "cpu", "--out", "r"));
    words.addAll(List.of("--draws", "500", "--seed", "3"));
    words.addAll(Arrays.asList(more));
    return words.toArray(String[]::new);
  }

  private static String[] twoMoons(String method, String... more) {
    List<String> words = new ArrayList<>(List.of("--simulator", "two-moons"));
    words.addAll(List.of("--observation", "seen.csv", "--simulations", "200"));
    words.addAll(List.of("--set", "epochs=3"));
    words.addAll(Arrays.asList(more));
    return infer(method, words.toArray(String[]::new));
  }

  @Test
  void aSimulatorsPosteriorIsWrittenAndUsed() throws IOException {
    // Guice reaches what it makes through the module's descriptor alone.
    Launch strict =
        launch().with("THALWEG_JAVA_OPTS", "-Xmx1g -Dguice_bytecode_gen_option=DISABLED");
    JsonNode json = strict.run(twoMoons("npe", "--json")).succeeded().json();
    for (String name :
        "method problem seed seconds simulations verdict reasons diagnostics".split(" ")) {
      assertTrue(json.has(name), name);
    }
    assertEquals(200, json.get("simulations").asInt());
    Path out = directory.resolve("r");
    assertEquals(501, Files.readAllLines(out.resolve("samples.csv")).size());
    for (String file :
        "samples.parquet summary.json report.html pair-plot.png posterior.thalweg".split(" ")) {
      assertTrue(Files.size(out.resolve(file)) > 0, file);
    }
    Files.writeString(directory.resolve("new.csv"), "data_1,data_2\n0,-0.6\n0.1,-0.5\n");
    String[] sample = {
      "sample",
      "--model",
      "r/posterior.thalweg",
      "--context-data",
      "new.csv",
      "-n",
      "10",
      "--out",
      "drawn.csv"
    };
    launch().run(sample).succeeded();
    List<String> drawn = Files.readAllLines(directory.resolve("drawn.csv"));
    assertEquals("parameter_1,parameter_2,data_1,data_2", drawn.get(0));
    assertEquals(21, drawn.size());
    String[] score = {
      "score", "--model", "r/posterior.thalweg", "--data", "drawn.csv", "--out", "scored.csv"
    };
    launch().run(score).succeeded();
  }

  @Test
  void onTheClassPathItIsTheSame() throws IOException {
    launch().run(twoMoons("npe")).succeeded();
    String modules = Models.file(directory.resolve("r/samples.csv"));
    launch().onClassPath().run(twoMoons("npe")).succeeded();
    assertEquals(modules, Models.file(directory.resolve("r/samples.csv")));
  }

  @Test
  void anInterruptedInferenceGoesOnToTheSameDraws() throws Exception {
    String[] few = {"--rounds", "3", "--set", "epochs=40", "--set", "patience=0"};
    launch().run(twoMoons("snpe-c", few)).succeeded();
    Path samples = directory.resolve("r/samples.csv");
    String expected = Models.file(samples);
    Trees.delete(directory.resolve("r"));
    try (Launch.Running running = launch().start(twoMoons("snpe-c", few))) {
      long deadline = System.nanoTime() + LIMIT.toNanos();
      while (!running.err().contains("Round 2 of 3")) {
        assertTrue(running.process().isAlive(), () -> "it ended by itself: " + running.err());
        assertTrue(System.nanoTime() < deadline, () -> "no second round: " + running.err());
        Thread.sleep(20);
      }
      running.signal("INT");
      Outcome outcome = running.await(LIMIT).exited(130);
      assertTrue(outcome.err().contains("--resume"), outcome::toString);
    }
    assertTrue(Files.notExists(samples), "an unfinished inference leaves no draws");
    List<String> words = new ArrayList<>(Arrays.asList(twoMoons("snpe-c", few)));
    words.add("--resume");
    Outcome resumed = launch().run(words.toArray(String[]::new)).succeeded();
    assertFalse(resumed.err().contains("simulate: 66"), resumed::toString);
    assertEquals(expected, Models.file(samples));
    assertTrue(Files.notExists(directory.resolve("r/posterior.thalweg.checkpoint")));
  }

  /** The words of docs/vi.md, with few steps. */
  @Test
  void aTargetsPosteriorIsWritten() throws IOException {
    JsonNode json =
        launch()
            .run(infer("vi-planar", "--target", "eight-schools-centered", few(200), "--json"))
            .succeeded()
            .json();
    assertTrue(
        List.of("doubtful", "do-not-use").contains(json.get("verdict").asText()), json::toString);
    assertTrue(json.get("diagnostics").get("k_hat").asDouble() > 0.7, json::toString);
    assertEquals(10, json.get("parameters").size());
    Path out = directory.resolve("r");
    assertEquals(501, Files.readAllLines(out.resolve("samples.csv")).size());
    for (String file : "samples.parquet summary.json posterior.thalweg".split(" ")) {
      assertTrue(Files.size(out.resolve(file)) > 0, file);
    }
    shown(out, "trace.png");
    shown(out, "pair-plot.png");
  }

  /** "Variational inference with flows", Figure 9. */
  @Test
  void thePlanesGridIsDrawnBeforeAndAfter() throws IOException {
    Outcome outcome =
        launch().run(infer("advi", "--target", "banana", few(100), "--json")).succeeded();
    assertFalse(outcome.err().contains("not drawn"), outcome::toString);
    shown(directory.resolve("r"), "graph-noise-grid.png");
    shown(directory.resolve("r"), "graph-warped-grid.png");
  }

  private static String few(int steps) {
    return "--set=steps=" + steps;
  }

  /** A picture that the page names, with both colours of lines or one of points on white. */
  private static void shown(Path out, String name) throws IOException {
    assertTrue(Files.readString(out.resolve("report.html")).contains(name), name);
    BufferedImage image = ImageIO.read(out.resolve(name).toFile());
    int[] pixels =
        image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    long coloured =
        Arrays.stream(pixels)
            .filter(rgb -> Math.abs((rgb >> 16 & 0xff) - (rgb & 0xff)) > 60)
            .count();
    assertTrue(coloured > 500, name + " has " + coloured + " coloured pixels");
  }

  private static String[] slowly(String... more) {
    List<String> words = new ArrayList<>(List.of("--simulator", "process"));
    words.addAll(List.of("--observation", "y.csv", "--rounds", "2", "--simulations", "40"));
    words.addAll(List.of("--problem-set", "command=sh slow.sh"));
    words.addAll(List.of("--problem-set", "prior=a ~ uniform(-1, 1)"));
    words.addAll(List.of("--problem-set", "observations=y"));
    words.addAll(List.of("--set", "epochs=3", "--set", "predictive-simulations=0"));
    words.addAll(Arrays.asList(more));
    return infer("snpe-c", words.toArray(String[]::new));
  }

  /** No chance to save anything, and yet only the run of the program that hung is lost. */
  @Test
  void aKilledInferenceDoesNotSimulateAgain() throws Exception {
    Files.writeString(directory.resolve("y.csv"), "y\n0.2\n");
    Files.writeString(
        directory.resolve("slow.sh"),
        "echo started >> starts\n[ $(wc -l < starts) -eq 32 ] && sleep 30\n"
            + "awk -F, 'NR == 1 {print \"y\"; next} {print $1 + ($2 % 1000) / 1000}'\n");
    Path starts = directory.resolve("starts");
    try (Launch.Running running = launch().start(slowly())) {
      long deadline = System.nanoTime() + LIMIT.toNanos();
      while (Files.notExists(starts) || Files.readAllLines(starts).size() < 32) {
        assertTrue(running.process().isAlive(), () -> "it ended by itself: " + running.err());
        assertTrue(System.nanoTime() < deadline, () -> "too few: " + running.err());
        Thread.sleep(20);
      }
      // What was done is saved long before checkpoint-seconds, 10, are over.
      Thread.sleep(4000);
      running.signal("KILL");
      running.await(LIMIT).exited(137);
    }
    Path soFar = directory.resolve("r/simulations.checkpoint.parquet");
    assertTrue(Files.size(soFar) > 0, "the first round can be looked at");
    JsonNode json = launch().run(slowly("--resume", "--json")).succeeded().json();
    assertEquals(40, json.get("simulations").asInt());
    int runs = Files.readAllLines(starts).size();
    assertEquals(41, runs, "runs of the program");
    assertTrue(Files.notExists(soFar), "it is in the results");
  }

  @Test
  void whatIsThereIsListed() {
    for (String kind : List.of("methods", "simulators", "targets")) {
      JsonNode items = launch().run("list", kind, "--json").succeeded().json().get("items");
      assertTrue(items.size() > 3, kind);
      for (JsonNode item : items) {
        String name = item.get("name").asText();
        String one = kind.substring(0, kind.length() - 1);
        if (items.get(0) == item) {
          launch().run("describe", one + "/" + name, "--json").succeeded().json();
        }
      }
    }
  }

  @Test
  void badInputHasAnAnswer() throws IOException {
    Files.writeString(directory.resolve("short.csv"), "data_1\n1\n");
    launch()
        .run(
            infer(
                "npe",
                "--simulator",
                "two-moons",
                "--observation",
                "seen.csv",
                "--simulations",
                "0"))
        .refused(2, "--simulations must be at least 1, got 0");
    launch()
        .run(infer("npe", "--simulator", "two-moon", "--observation", "seen.csv"))
        .refused(2, "Did you mean 'two-moons'?");
    launch()
        .run(infer("npe", "--simulator", "two-moons", "--observation", "short.csv"))
        .refused(2, "has 1 columns (data_1)");
    assertTrue(Files.notExists(directory.resolve("r")), "nothing was made");
  }
}
