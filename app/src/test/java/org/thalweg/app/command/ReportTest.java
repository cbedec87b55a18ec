package org.thalweg.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thalweg.app.Cli;

/** A report on a model too small to be good. */
class ReportTest {
  private static final Pattern IMAGE = Pattern.compile("<img src=\"([^\"]*)\"");

  @TempDir Path dir;
  private Path data;
  private Path model;
  private Path out;

  @BeforeEach
  void writeTable() {
    data = Cli.correlated(dir.resolve("t.csv"), 400);
    model = dir.resolve("m.thalweg");
    out = dir.resolve("some/report");
  }

  private void fit(String estimator, Object... more) {
    done(
        Cli.run(
            "fit",
            "--estimator",
            estimator,
            "--data",
            data,
            "--out",
            model,
            Cli.SMALL,
            more,
            "--threads",
            "1"));
  }

  private static Cli.Result done(Cli.Result result) {
    assertEquals(0, result.code(), result.err());
    return result;
  }

  private Cli.Result report(Object... more) {
    return Cli.run("report", "--model", model, "--out", out, "--json", more);
  }

  private String page() throws IOException {
    return Files.readString(out.resolve("report.html"));
  }

  private static TreeSet<String> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  @Test
  void aFlowIsComparedWithTheTestRowsAndWithItsBase() throws IOException {
    fit("nsf-coupling", "--columns", "a,b");
    Map<String, Object> json = done(report("--data", data)).json();
    assertEquals("test", json.get("part"));
    assertEquals(false, json.get("may_include_training_rows"));
    assertEquals(40, json.get("rows_used"));
    assertEquals(List.of("a", "b"), names(json.get("columns")));
    assertEquals(List.of("z1", "z2"), names(json.get("noise")));
    TreeSet<String> expected =
        new TreeSet<>(
            List.of(
                "column-1.png",
                "column-2.png",
                "density-map.png",
                "noise-1.png",
                "noise-2.png",
                "pair-plot.png",
                "training-curve.png"));
    assertEquals(expected, shown());
    for (String picture : expected) {
      assertTrue(ImageIO.read(out.resolve(picture).toFile()).getWidth() > 100, picture);
    }
    expected.add("report.html");
    assertEquals(expected, files(out));
    assertTrue(page().contains("The model was not trained on them."));
  }

  /** The base is a standard normal, the figures are those of the columns. */
  @Test
  void theFiguresAreThoseOfTheRowsAndOfTheBase() {
    fit("nsf-coupling", "--columns", "a,b");
    Map<String, Object> json = done(report("--data", data, "--rows", "all")).json();
    assertEquals(true, json.get("may_include_training_rows"));
    // a = c + 0.3 e with c equally often 0 and 1.
    Map<?, ?> a = (Map<?, ?>) ((List<?>) json.get("columns")).get(0);
    assertEquals(0.5, (double) a.get("mean"), 0.09);
    assertEquals(Math.sqrt(0.25 + 0.09), (double) a.get("standard_deviation"), 0.06);
    for (Object noise : (List<?>) json.get("noise")) {
      Map<?, ?> z = (Map<?, ?>) noise;
      assertEquals(0, (double) z.get("expected_mean"), 0.05);
      assertEquals(1, (double) z.get("expected_standard_deviation"), 0.05);
    }
  }

  private static List<?> names(Object marginals) {
    return ((List<?>) marginals).stream().map(m -> ((Map<?, ?>) m).get("name")).toList();
  }

  private TreeSet<String> shown() throws IOException {
    TreeSet<String> out = new TreeSet<>();
    Matcher matcher = IMAGE.matcher(page());
    while (matcher.find()) {
      out.add(matcher.group(1));
    }
    return out;
  }

  @Test
  void withoutATableThereAreSamplesOnlyAndThePageSaysSo() throws IOException {
    fit("nsf-coupling", "--columns", "a,b");
    Map<String, Object> json = done(report()).json();
    assertEquals(List.of(), json.get("columns"));
    assertFalse(json.containsKey("part"));
    assertEquals(
        new TreeSet<>(List.of("density-map.png", "pair-plot.png", "training-curve.png")), shown());
    assertTrue(page().contains("No table was named"));
  }

  @Test
  void aModelThatIsNoFlowHasNoNoiseSpace() throws IOException {
    done(
        Cli.run(
            "fit",
            "--estimator",
            "made",
            "--data",
            data,
            "--out",
            model,
            "--columns",
            "a,b",
            "--set",
            "epochs=2",
            "--set",
            "hidden=8"));
    Map<String, Object> json = done(report("--data", data)).json();
    assertEquals(List.of(), json.get("noise"));
    assertFalse(page().contains("noise space"));
    assertFalse(shown().contains("noise-1.png"));
  }

  @Test
  void aConditionalModelIsDrawnForTheContextsOfTheTable() throws IOException {
    fit("maf", "--columns", "a,b", "--context", "c");
    done(report("--data", data));
    assertTrue(shown().contains("noise-2.png"));
    assertTrue(page().contains("It is smoothed"), "a density for each context is not one map");
    done(report());
    assertTrue(page().contains("The model is conditional"));
    assertEquals(new TreeSet<>(List.of("training-curve.png")), shown());
  }

  @Test
  void namesAreTextAndNeverMarkup() throws IOException {
    String name = "<script>\"a\" & 'b'</script>";
    String quoted = "\"" + name.replace("\"", "\"\"") + "\"";
    String table = Files.readString(data).replaceFirst("a,b,c", quoted + ",b,c");
    data = Cli.write(dir.resolve("t.csv"), table);
    fit("nsf-coupling");
    done(report("--data", data));
    assertFalse(page().contains("<script"), "markup of a column's name");
    assertTrue(page().contains("&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/script&gt;"));
    assertFalse(page().contains("http"), "a link to elsewhere");
  }

  @Test
  void theSameSeedGivesTheSamePage() throws IOException {
    fit("nsf-coupling", "--columns", "a,b");
    done(report("--data", data));
    String page = page();
    byte[] pairs = Files.readAllBytes(out.resolve("pair-plot.png"));
    done(report("--data", data));
    assertEquals(page, page());
    assertTrue(Arrays.equals(pairs, Files.readAllBytes(out.resolve("pair-plot.png"))));
    done(report("--data", data, "--seed", "2"));
    assertFalse(page.equals(page()));
  }

  @Test
  void aFailureLeavesNothingAndLosesNothing() throws IOException {
    fit("nsf-coupling", "--columns", "a,b");
    Path other = Cli.write(dir.resolve("other.csv"), "a,q\n1,2\n3,4\n");
    Cli.Result refused = report("--data", other);
    assertEquals(2, refused.code(), refused.err());
    assertTrue(refused.err().contains("'b'"), refused.err());
    assertTrue(Files.notExists(out), "a directory was made for nothing");

    Path empty = Cli.write(dir.resolve("empty.csv"), "a,b\n,2\n1,\n");
    assertEquals(3, report("--data", empty).code());
    assertEquals(2, report("--rows", "test").code(), "rows of no table");
    assertTrue(Files.notExists(out));

    done(report("--data", data));
    String page = page();
    assertEquals(2, report("--data", other).code());
    // A directory in the place of one picture: none of the others may be replaced.
    Files.delete(out.resolve("noise-2.png"));
    Files.createDirectories(out.resolve("noise-2.png/full"));
    TreeSet<String> before = files(out);
    Cli.Result blocked = report("--data", data, "--seed", "7");
    assertEquals(2, blocked.code(), blocked.err());
    assertTrue(blocked.err().contains("noise-2.png"), blocked.err());
    assertEquals(page, page());
    assertEquals(before, files(out));
  }

  @Test
  void aPlaceThatIsNoDirectoryIsRefused() {
    fit("nsf-coupling", "--columns", "a,b");
    out = data;
    Cli.Result refused = report();
    assertEquals(2, refused.code(), refused.err());
    assertTrue(refused.err().contains("is not a directory"), refused.err());
    out = data.resolve("below");
    assertEquals(2, report().code());
  }

  @Test
  void withoutValidationsThereIsNoCurve() throws IOException {
    fit("nsf-coupling", "--columns", "a,b", "--split", "0.9,0,0.1");
    done(report());
    assertTrue(page().contains("keeps no record of validations"));
    assertFalse(shown().contains("training-curve.png"));
  }
}
