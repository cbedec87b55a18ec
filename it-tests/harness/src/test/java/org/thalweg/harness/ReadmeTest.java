package org.thalweg.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What README says, typed as it stands there. */
class ReadmeTest {
  @TempDir Path directory;

  @Test
  void thePluginCompilesAndItsUnivariateTrains() throws IOException {
    List<String> code = block("```java", "ThalwegPlugin");
    assertTrue(code.size() <= 35, "a plugin in 30 lines has " + code.size());
    new PluginJar()
        .source("acme.TwoSlopes", withoutAutoService(code))
        .provider("acme.TwoSlopes")
        .build(directory.resolve("plugins/two-slopes.jar"));
    Path table = Tables.pair(directory.resolve("t.csv"), 200);
    String[] fit =
        Models.fit(
            "nsf-ar",
            table,
            Path.of("m.thalweg"),
            "--plugin-path",
            "plugins",
            "--set",
            "univariate=two-slopes",
            "--set",
            "epochs=2");
    Launch.in(directory).run(fit).succeeded();
    assertTrue(Files.exists(directory.resolve("m.thalweg")));
  }

  @Test
  void theCommandsThatBuildThePluginWork() throws IOException {
    Path source = directory.resolve("acme/TwoSlopes.java");
    Files.createDirectory(source.getParent());
    Files.writeString(source, withoutAutoService(block("```java", "ThalwegPlugin")));
    Path target = Files.createDirectories(directory.resolve("app/target"));
    Files.createSymbolicLink(target.resolve("thalweg"), Distribution.home());
    String commands = String.join("\n", block("docs/plugins.md", "```", "javac"));
    String jdk = Path.of(System.getProperty("java.home"), "bin").toString();
    Outcome outcome =
        Launch.in(directory)
            .with("PATH", jdk + ":" + System.getenv("PATH"))
            .through("sh", "-c", "set -e\nln -s \"$1\" thalweg\n" + commands, "sh")
            .run()
            .succeeded();
    assertTrue(outcome.out().contains("One slope below zero"), outcome::toString);
  }

  /** AutoService writes the entry where Maven compiles; elsewhere it is written by hand. */
  private static String withoutAutoService(List<String> code) {
    return String.join("\n", code)
        .replace("import com.google.auto.service.AutoService;\n", "")
        .replace("@AutoService(ThalwegPlugin.class)\n", "");
  }

  @Test
  void theFlowOfTheDocumentationTrains() throws IOException {
    String yaml = String.join("\n", block("docs/flows.md", "```yaml", "transforms:"));
    Files.writeString(directory.resolve("flow.yaml"), yaml);
    Path table = Tables.pair(directory.resolve("t.csv"), 300);
    String[] fit =
        Models.fit(
            "flow", table, Path.of("m.thalweg"), "--config", "flow.yaml", "--set", "epochs=2");
    Launch.in(directory).run(fit).succeeded();
    Outcome evaluated =
        Launch.in(directory)
            .run("evaluate", "--model", "m.thalweg", "--data", table.toString(), "--json")
            .succeeded();
    assertTrue(Double.isFinite(evaluated.json().get("mean_log_density").asDouble()));
  }

  @Test
  void theDemoFindsTheTruthAndDrawsIt() throws IOException {
    Outcome demo =
        Launch.in(directory).with("THALWEG_JAVA_OPTS", "-Xmx1g").run("demo", "--json").succeeded();
    JsonNode json = demo.json();
    double analytic = -0.312;
    assertEquals(analytic, json.get("true_mean_log_density").asDouble(), 5e-4);
    assertEquals(analytic, json.get("test_log_density").asDouble(), 0.05);
    assertEquals(0, json.get("difference").asDouble(), 0.05);
    assertTrue(json.get("seconds").asDouble() < 60, () -> "slow: " + json.get("seconds"));
    boolean limited = json.get("stop").asText().equals("time_limit");
    assertEquals(limited, json.get("time_limited").asBoolean(!limited));
    for (JsonNode picture : json.get("pictures")) {
      var image = ImageIO.read(directory.resolve(picture.asText()).toFile());
      assertTrue(image.getWidth() >= 400, picture.asText());
    }
    assertEquals(3, json.get("pictures").size());
  }

  @Test
  void theCommandsOnTheWhiteWinesWork() throws IOException {
    Path wine = RealData.file("wine-quality/winequality-white.csv");
    Files.createSymbolicLink(directory.resolve(wine.getFileName()), wine);
    String commands = String.join("\n", block("```", "winequality-white.csv"));
    assertTrue(commands.contains("--set epochs="), commands);
    // As it stands there but for the number of epochs; $1 is the distribution's start script.
    String script =
        "set -e\nln -s \"$1\" thalweg\n" + commands.replaceAll("epochs=\\d+", "epochs=1");
    Outcome outcome = Launch.in(directory).through("sh", "-c", script, "sh").run().succeeded();
    assertTrue(outcome.out().contains("(test) of 4898"), outcome::toString);
    assertEquals(4899, Files.readAllLines(directory.resolve("scored.csv")).size());
    assertEquals(1001, Files.readAllLines(directory.resolve("new.csv")).size());
    assertTrue(Files.exists(directory.resolve("wine-report/report.html")), outcome::toString);
  }

  /** The block after a fence that holds a word. */
  private static List<String> block(String fence, String word) throws IOException {
    return block("README.md", fence, word);
  }

  private static List<String> block(String page, String fence, String word) throws IOException {
    Path readme = Path.of(System.getProperty("thalweg.checkout")).resolve(page);
    List<String> block = new ArrayList<>();
    String opened = "";
    for (String line : Files.readAllLines(readme)) {
      if (opened.isEmpty() && line.startsWith("```")) {
        opened = line;
        block.clear();
      } else if (!opened.isEmpty() && line.equals("```")) {
        if (opened.equals(fence) && String.join("\n", block).contains(word)) {
          return block;
        }
        opened = "";
      } else {
        block.add(line);
      }
    }
    throw new AssertionError(page + " has no block " + fence + " with " + word);
  }
}
