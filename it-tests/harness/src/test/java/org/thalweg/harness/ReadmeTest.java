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
    List<String> code = block("```java");
    assertTrue(code.size() <= 35, "a plugin in 30 lines has " + code.size());
    // AutoService writes the entry where Maven compiles; PluginJar writes it here.
    String source =
        String.join("\n", code)
            .replace("import com.google.auto.service.AutoService;\n", "")
            .replace("@AutoService(ThalwegPlugin.class)\n", "");
    new PluginJar()
        .source("acme.TwoSlopes", source)
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
  void theDemoFindsTheTruthAndDrawsIt() throws IOException {
    Outcome demo =
        Launch.in(directory).with("THALWEG_JAVA_OPTS", "-Xmx1g").run("demo", "--json").succeeded();
    JsonNode json = demo.json();
    double analytic = -0.312;
    assertEquals(analytic, json.get("true_mean_log_density").asDouble(), 5e-4);
    assertEquals(analytic, json.get("test_log_density").asDouble(), 0.05);
    assertEquals(0, json.get("difference").asDouble(), 0.05);
    for (JsonNode picture : json.get("pictures")) {
      var image = ImageIO.read(directory.resolve(picture.asText()).toFile());
      assertTrue(image.getWidth() >= 400, picture.asText());
    }
    assertEquals(3, json.get("pictures").size());
  }

  private static List<String> block(String fence) throws IOException {
    Path readme = Path.of(System.getProperty("thalweg.checkout")).resolve("README.md");
    List<String> out = new ArrayList<>();
    boolean inside = false;
    for (String line : Files.readAllLines(readme)) {
      if (inside && line.startsWith("```")) {
        return out;
      }
      if (inside) {
        out.add(line);
      }
      inside |= line.equals(fence);
    }
    throw new AssertionError("README has no block " + fence);
  }
}
