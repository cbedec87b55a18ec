package org.thalweg.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thalweg.app.Cli;

/** Labels in, clusters out; distances from a manifold; scans. */
class ClustersTest {
  @TempDir Path dir;
  private Path data;
  private Path schema;
  private Path model;

  @BeforeEach
  void writeTable() throws IOException {
    data = dir.resolve("data.csv");
    schema = dir.resolve("schema.yaml");
    model = dir.resolve("m.thalweg");
    SplittableRandom random = new SplittableRandom(1);
    List<String> lines = new ArrayList<>();
    lines.add("x,y,side");
    for (int i = 0; i < 400; i++) {
      boolean left = i % 2 == 0;
      String label = i >= 40 ? "" : left ? "west" : "east";
      double x = (left ? -5 : 5) + random.nextGaussian();
      lines.add(x + "," + random.nextGaussian() + "," + label);
    }
    Files.write(data, lines);
    Files.writeString(schema, "columns:\n  side: {role: label}\n");
  }

  private Cli.Result fit(Object... more) {
    return Cli.run(
        "fit",
        "--estimator",
        "vmonf",
        "--data",
        data,
        "--schema",
        schema,
        "--out",
        model,
        "--engine",
        "cpu",
        "--set",
        "components=3",
        "--set",
        "temperature=1",
        "--set",
        "epochs=15",
        "--set",
        "batch-size=50",
        "--set",
        "learning-rate=0.01",
        "--set",
        "flow.layers=1",
        "--set",
        "flow.hidden=8",
        "--set",
        "hidden=16",
        more);
  }

  private static Cli.Result done(Cli.Result result) {
    assertEquals(0, result.code(), result.err());
    return result;
  }

  @Test
  void labelsNameTheClustersOfScores() throws IOException {
    done(fit());
    Path out = dir.resolve("s.csv");
    done(Cli.run("score", "--model", model, "--data", data, "--out", out));
    List<String> lines = Files.readAllLines(out);
    assertEquals(
        "x,y,side,log_density,cluster,cluster_label,probability_0,probability_1,probability_2",
        lines.get(0));
    int right = 0;
    for (int i = 0; i < 400; i++) {
      String[] cells = lines.get(i + 1).split(",", -1);
      // Classes are in alphabetical order: east is component 0.
      boolean left = i % 2 == 0;
      right += cells[4].equals(left ? "1" : "0") && cells[5].equals(left ? "west" : "east") ? 1 : 0;
      double sum =
          Double.parseDouble(cells[6])
              + Double.parseDouble(cells[7])
              + Double.parseDouble(cells[8]);
      assertEquals(1, sum, 1e-5);
    }
    assertTrue(right >= 390, right + " of 400");
    // A table without labels is scored as well.
    done(
        Cli.run(
            "score",
            "--model",
            model,
            "--data",
            data,
            "--sql",
            "SELECT x, y FROM data",
            "--out",
            out));
    done(Cli.run("sample", "--model", model, "-n", "50", "--component", "1", "--out", out));
    double mean =
        Files.readAllLines(out).stream()
            .skip(1)
            .mapToDouble(line -> Double.parseDouble(line.split(",")[0]))
            .average()
            .orElseThrow();
    assertTrue(mean < -3, "mean of the western component " + mean);
    Cli.Result beyond =
        Cli.run("sample", "--model", model, "-n", "5", "--component", "7", "--out", out);
    assertEquals(2, beyond.code());
    assertTrue(beyond.err().contains("there is no component 7"), beyond.err());
  }

  @Test
  void aLabelThatIsNotDeclaredIsRefused() throws IOException {
    Files.writeString(
        schema, "columns:\n  side: {role: label, kind: classes, values: [west, north]}\n");
    Cli.Result result = fit();
    assertEquals(2, result.code());
    assertTrue(
        result.err().contains("Row 2 of") && result.err().contains("side = 'east'"), result.err());
  }

  @Test
  void aLabelThatTheModelHasNotSeenIsReportedAndItsRowJudged() throws IOException {
    done(fit());
    String north = "SELECT x, y, CASE WHEN y > 1 THEN 'north' ELSE side END AS side FROM data";
    String none = "SELECT x, y FROM data";
    for (Object[] rows : new Object[][] {{}, {"--rows", "all"}}) {
      Cli.Result labelled = done(evaluate(north, rows));
      String warned = "has a label that the model has not seen";
      assertTrue(labelled.err().contains(warned), labelled.err());
      assertTrue(labelled.err().contains("side = 'north'"), labelled.err());
      Cli.Result bare = done(evaluate(none, rows));
      assertFalse(bare.err().contains(warned), bare.err());
      assertEquals(400, labelled.json().get("rows_used"));
      assertEquals(
          bare.json().get("mean_log_density"), labelled.json().get("mean_log_density"), "nats");
    }
    Path out = dir.resolve("s.csv");
    Cli.Result scored =
        done(
            Cli.run(
                "score", "--model", model, "--data", data, "--sql", north, "--out", out, "--json"));
    assertTrue(scored.err().contains("side = 'north'"), scored.err());
    assertEquals(0, scored.json().get("rows_refused"));
    assertTrue(Files.readAllLines(out).stream().anyMatch(line -> line.contains("north")));
    Path pages = dir.resolve("report");
    Cli.Result report =
        done(Cli.run("report", "--model", model, "--data", data, "--sql", north, "--out", pages));
    assertTrue(report.err().contains("side = 'north'"), report.err());
    Cli.Result test = evaluate(north, "--rows", "test");
    assertEquals(2, test.code());
    assertTrue(test.err().contains("is not the table that"), test.err());
  }

  private Cli.Result evaluate(String sql, Object... more) {
    return Cli.run("evaluate", "--model", model, "--data", data, "--sql", sql, "--json", more);
  }

  @Test
  void moreClassesThanComponentsAreRefused() {
    Cli.Result result = fit("--set", "components=2", "--sql", threeClasses());
    assertEquals(2, result.code());
    assertTrue(result.err().contains("'side' has the classes [east, north, west]"), result.err());
  }

  private static String threeClasses() {
    return "SELECT x, y, CASE WHEN y > 1 THEN 'north' ELSE side END AS side FROM data";
  }

  @Test
  void estimatorsWithoutUseForLabelsLeaveThemOut() {
    Cli.Result result =
        Cli.run(
            "fit",
            "--estimator",
            "maf",
            "--data",
            data,
            "--schema",
            schema,
            "--out",
            model,
            "--engine",
            "cpu",
            Cli.SMALL);
    assertEquals(0, result.code(), result.err());
  }

  @Test
  void aScanComparesFitsAndScoresKnowTheDistance() throws IOException {
    Path out = dir.resolve("scan");
    Map<String, Object> json =
        done(Cli.run(
                "scan",
                "--estimator",
                "dnf",
                "--data",
                data,
                "--columns",
                "x,y",
                "--over",
                "sigma=0.1,0.2",
                "--over",
                "lambda=1,10",
                "--set",
                "epochs=1",
                "--set",
                "flow.layers=1",
                "--set",
                "dimension=1",
                "--engine",
                "cpu",
                "--out",
                out,
                "--json"))
            .json();
    List<?> fits = (List<?>) json.get("fits");
    assertEquals(4, fits.size());
    Map<?, ?> last = (Map<?, ?>) fits.get(3);
    assertEquals("0.2", last.get("sigma"));
    assertEquals("10", last.get("lambda"));
    assertTrue(last.get("validation_reconstruction") instanceof Double, last.toString());
    assertEquals(5, Files.readAllLines(out.resolve("scan.csv")).size());
    Path scores = dir.resolve("s.csv");
    Cli.Result scored =
        done(
            Cli.run(
                "score",
                "--model",
                out.resolve("4.thalweg"),
                "--data",
                data,
                "--density",
                "manifold",
                "--out",
                scores));
    assertTrue(scored.err().contains("have the density 0 under 'manifold'"), scored.err());
    assertEquals("x,y,side,log_density,distance", Files.readAllLines(scores).get(0));
    Cli.Result wrong =
        Cli.run("scan", "--estimator", "dnf", "--data", data, "--over", "sigma", "--out", out);
    assertEquals(2, wrong.code());
  }

  @Test
  void oneColumnIsNoManifold() {
    Cli.Result result =
        Cli.run(
            "fit",
            "--estimator",
            "dnf",
            "--data",
            data,
            "--columns",
            "x",
            "--out",
            model,
            "--engine",
            "cpu");
    assertEquals(2, result.code());
    assertTrue(result.err().contains("models at least 2 columns together"), result.err());
  }
}
