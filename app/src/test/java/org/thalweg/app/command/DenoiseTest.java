package org.thalweg.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thalweg.app.Cli;

/** Noisy tables: fitted, scored and denoised, with missing values and with bad errors. */
class DenoiseTest {
  private static final int ROWS = 300;

  @TempDir Path dir;
  private Path data;
  private Path schema;
  private Path model;

  @BeforeEach
  void writeTable() {
    SplittableRandom random = new SplittableRandom(3);
    StringBuilder text = new StringBuilder("name,x,y,ex,ey\n");
    for (int i = 0; i < ROWS; i++) {
      double v = random.nextGaussian();
      double ex = 0.3 + 0.5 * random.nextDouble();
      String x =
          i % 10 == 4 ? "" : String.format(Locale.ROOT, "%.5f", v + ex * random.nextGaussian());
      text.append(
          String.format(
              Locale.ROOT,
              "star %d,%s,%.5f,%s,0.1%n",
              i,
              x,
              5 + v + 0.1 * random.nextGaussian(),
              i % 10 == 4 ? "" : String.format(Locale.ROOT, "%.5f", ex)));
    }
    data = Cli.write(dir.resolve("noisy.csv"), text.toString());
    schema =
        Cli.write(
            dir.resolve("noise.yaml"),
            "columns: {name: {role: ignore}, ex: {role: noise-sd}, ey: {role: noise-sd}}");
    model = dir.resolve("m.thalweg");
  }

  private Cli.Result fit(Object... more) {
    Object[] start = {
      "fit",
      "--estimator",
      "xd-gmm",
      "--data",
      data,
      "--schema",
      schema,
      "--out",
      model,
      "--json",
      "--threads",
      "1",
      "--set",
      "components=1"
    };
    return Cli.run(joined(start, more));
  }

  private static Object[] joined(Object[] start, Object... more) {
    Object[] all = Arrays.copyOf(start, start.length + more.length);
    System.arraycopy(more, 0, all, start.length, more.length);
    return all;
  }

  private static Cli.Result done(Cli.Result result) {
    assertEquals(0, result.code(), result.err());
    return result;
  }

  @Test
  void aRowIsDrawnTowardsWhatTheOtherColumnSays() throws IOException {
    Map<String, Object> fitted = done(fit()).json();
    assertEquals(0, fitted.get("rows_refused"), "rows without x are kept");
    Path out = dir.resolve("clean.csv");
    Cli.Result result =
        done(
            Cli.run(
                "denoise",
                "--model",
                model,
                "--data",
                data,
                "--out",
                out,
                "--samples",
                3,
                "--json"));
    Map<String, Object> json = result.json();
    assertEquals(ROWS, json.get("rows"));
    assertEquals(0, json.get("rows_refused"));
    assertEquals(3, json.get("samples"));
    assertEquals(3.0, json.get("mean_effective_sample_size"));
    List<String> lines = Files.readAllLines(out);
    assertEquals(ROWS + 1, lines.size());
    assertEquals(
        "name,x,y,ex,ey,x_mean,x_sd,y_mean,y_sd,x_sample_0,x_sample_1,x_sample_2,"
            + "y_sample_0,y_sample_1,y_sample_2,effective_sample_size",
        lines.get(0));
    // v is known to 0.1 by y: x alone knows it to 0.3 at best.
    double squares = 0;
    double before = 0;
    for (int i = 1; i <= ROWS; i++) {
      String[] cells = lines.get(i).split(",");
      double v = Double.parseDouble(cells[2]) - 5;
      squares += Math.pow(Double.parseDouble(cells[5]) - v, 2) / ROWS;
      before += cells[1].isEmpty() ? 0 : Math.pow(Double.parseDouble(cells[1]) - v, 2) / ROWS;
      assertTrue(Double.parseDouble(cells[6]) < 0.3, "standard deviation " + cells[6]);
    }
    assertTrue(squares < 0.1 * before, squares + " of " + before);
    // The model of one seed says the same again, of another something else.
    Path again = dir.resolve("again.csv");
    done(Cli.run("denoise", "--model", model, "--data", data, "--out", again, "--samples", 3));
    assertEquals(Files.readString(out), Files.readString(again));
    done(
        Cli.run(
            "denoise",
            "--model",
            model,
            "--data",
            data,
            "--out",
            again,
            "--samples",
            3,
            "--seed",
            9));
    assertFalse(Files.readString(out).equals(Files.readString(again)));
  }

  @Test
  void picturesShowTheRowsThatAreWhole() throws IOException {
    Cli.Result result = done(fit("--pictures", dir.resolve("p"), "--split", "0.5,0.25,0.25"));
    assertEquals(3, ((List<?>) result.json().get("pictures")).size(), result.err());
    // The axes have the columns' ranges: a missing value made them those of nothing.
    var map = javax.imageio.ImageIO.read(dir.resolve("p/density-map.png").toFile());
    int[] row = map.getRGB(90, 300, 560, 1, null, 0, 560);
    assertTrue(Arrays.stream(row).distinct().count() > 20, "the density varies along x");
  }

  @Test
  void bothDensitiesAreScored() throws IOException {
    done(fit());
    Path out = dir.resolve("scored.csv");
    Map<String, Object> observed =
        done(Cli.run(
                "score",
                "--model",
                model,
                "--data",
                data,
                "--out",
                out,
                "--density",
                "observed",
                "--json"))
            .json();
    assertEquals("exact", observed.get("kind"));
    assertEquals(0, observed.get("rows_refused"), "rows without x are scored by their y");
    // A table without the noise columns is one of rows without noise.
    Path clean = Cli.write(dir.resolve("clean.csv"), "x,y\n0,5\n1,6\n,5\n");
    Map<String, Object> latent =
        done(Cli.run("score", "--model", model, "--data", clean, "--out", out, "--json")).json();
    assertEquals("latent", latent.get("density"));
    assertEquals(0, latent.get("rows_refused"), "the row without x is scored by its y");
    assertFalse(Files.readAllLines(out).get(3).endsWith(","));
    Cli.Result refused =
        Cli.run("score", "--model", model, "--data", clean, "--out", out, "--density", "observed");
    assertEquals(2, refused.code());
    assertTrue(refused.err().contains("takes them from columns: ex, ey"), refused.err());
  }

  @Test
  void columnsOfErrorsThatDifferInCaseAreNotPassedOver() {
    done(fit());
    Path shouted = Cli.write(dir.resolve("shouted.csv"), "x,y,EX,EY\n0,5,0.1,0.1\n1,6,0.1,0.1\n");
    Path out = dir.resolve("scored.csv");
    Cli.Result refused = Cli.run("score", "--model", model, "--data", shouted, "--out", out);
    assertEquals(2, refused.code(), refused.out() + refused.err());
    assertTrue(refused.err().contains("'ex'. Did you mean 'EX'"), refused.err());
  }

  @Test
  void aReportCountsTheRowsThatEvaluateCounts() throws IOException {
    done(fit());
    Object[] words = {"--model", model, "--data", data, "--rows", "all", "--json"};
    Map<String, Object> evaluated =
        done(Cli.run("evaluate", "--density", "observed", words)).json();
    Map<String, Object> reported =
        done(Cli.run("report", "--out", dir.resolve("report"), words)).json();
    assertEquals(0, evaluated.get("rows_refused"));
    assertEquals(evaluated.get("rows_refused"), reported.get("rows_refused"));
    assertEquals(evaluated.get("rows_used"), reported.get("rows_used"));
    // What is missing is left out of its column only: the values of x are those that there are.
    double x =
        Files.readAllLines(data).stream()
            .skip(1)
            .map(line -> line.split(",")[1])
            .filter(cell -> !cell.isEmpty())
            .mapToDouble(Double::parseDouble)
            .average()
            .orElseThrow();
    Map<?, ?> column = (Map<?, ?>) ((List<?>) reported.get("columns")).get(0);
    assertEquals(x, (double) column.get("mean"), 1e-9);
    assertTrue((double) column.get("p_value") >= 0);
    String page = Files.readString(dir.resolve("report/report.html"));
    assertFalse(page.contains("NaN"), page);
  }

  @Test
  void evaluateFindsTheTestRowsAgain() {
    double test = (double) done(fit()).json().get("test_log_density");
    Map<String, Object> json =
        done(Cli.run(
                "evaluate", "--model", model, "--data", data, "--density", "observed", "--json"))
            .json();
    assertEquals("test", json.get("part"));
    assertEquals(test, (double) json.get("mean_log_density"), 1e-9);
  }

  @Test
  void aFlowIsFittedAndDenoises() throws IOException {
    Object[] words = {
      "fit",
      "--estimator",
      "deconv-flow",
      "--data",
      data,
      "--schema",
      schema,
      "--out",
      model,
      "--threads",
      "1",
      "--json",
      "--set",
      "epochs=2",
      "--set",
      "prior.layers=1",
      "--set",
      "prior.hidden=8",
      "--set",
      "recognition.layers=1",
      "--set",
      "recognition.hidden=8",
      "--set",
      "recognition.embedding=4",
      "--set",
      "proposals=200"
    };
    done(Cli.run(words));
    Path out = dir.resolve("clean.parquet");
    Map<String, Object> json =
        done(Cli.run(
                "denoise",
                "--model",
                model,
                "--data",
                data,
                "--out",
                out,
                "--samples",
                20,
                "--json"))
            .json();
    double effective = (double) json.get("mean_effective_sample_size");
    assertTrue(effective > 1 && effective <= 20, "effective samples " + effective);
    Map<String, Object> scored =
        done(Cli.run(
                "score",
                "--model",
                model,
                "--data",
                data,
                "--out",
                dir.resolve("s.csv"),
                "--density",
                "observed:50",
                "--json"))
            .json();
    assertEquals("lower", scored.get("kind"));
    assertTrue(
        Files.readAllLines(dir.resolve("s.csv")).get(0).endsWith("log_density,log_density_se"));
    // A row without x has no latent density, and what is observed of it stands beside that.
    Path two = dir.resolve("two.csv");
    Object[] pair = {"score", "--model", model, "--data", data, "--out", two, "--json"};
    Map<String, Object> of = done(Cli.run(joined(pair, "--density", "latent,observed:50"))).json();
    List<String> lines = Files.readAllLines(two);
    assertTrue(
        lines
            .get(0)
            .endsWith("log_density_latent,log_density_observed:50,log_density_observed:50_se"),
        lines.get(0));
    String[] lacking = lines.get(1 + 4).split(",", -1);
    assertEquals("", lacking[5]);
    assertFalse(lacking[6].isEmpty() || lacking[7].isEmpty(), lines.get(5));
    assertEquals(30, of.get("rows_undefined"));
    assertEquals(0, ((Map<?, ?>) ((List<?>) of.get("densities")).get(1)).get("rows_undefined"));
    // A flow over both columns has no density of one alone.
    Object[] all = {"--model", model, "--data", data, "--rows", "all", "--json"};
    Map<String, Object> latent = done(Cli.run("evaluate", all)).json();
    assertEquals(30, latent.get("rows_undefined"));
    assertEquals(270, latent.get("rows_used"));
    Path report = dir.resolve("report");
    done(Cli.run("report", "--out", report, all));
    String page = Files.readString(report.resolve("report.html"));
    assertTrue(page.contains("270 of them have a density"), page);
    assertFalse(page.contains("NaN") || page.contains("log-density is - nats"), page);
  }

  @Test
  void badErrorsAreRefused() {
    refused("Row 2: the standard deviation of the error of 'x' is negative", "1,1\n2,-1\n");
    // Rows that are left out before are counted, as in every other message.
    refused(
        "Row 4: the standard deviation of the error of 'x' is negative", "1,1\n,\nNA,1\n2,-1\n");
    Path one =
        Cli.write(
            dir.resolve("one.csv"), "a,b,c\n1,2,1\n2,3,1\n3,1,1\n4,4,2\n5,2,2\n6,1,2\n7,3,1\n");
    Cli.Result wrong =
        Cli.run(
            "fit",
            "--estimator",
            "xd-gmm",
            "--data",
            one,
            "--out",
            model,
            "--schema",
            Cli.write(dir.resolve("c.yaml"), "columns: {c: {role: noise-cov}}"));
    assertEquals(2, wrong.code());
    assertTrue(wrong.err().contains("2 noise-sd or 4 noise-cov columns"), wrong.err());
    Cli.Result none = Cli.run("fit", "--estimator", "xd-gmm", "--data", one, "--out", model);
    assertEquals(2, none.code());
    assertTrue(none.err().contains("in none"), none.err());
    Cli.Result lacking =
        Cli.run(
            "fit",
            "--estimator",
            "xd-gmm",
            "--data",
            one,
            "--out",
            model,
            "--schema",
            Cli.write(dir.resolve("d.yaml"), "columns: {zz: {role: noise-sd}}"));
    assertEquals(2, lacking.code());
    assertTrue(lacking.err().contains("'zz'. Did you mean"), lacking.err());
    Cli.Result other =
        Cli.run(
            "fit",
            "--estimator",
            "xd-gmm",
            "--data",
            one,
            "--out",
            model,
            "--set",
            "noise-covariance=1,0;0,1");
    assertEquals(2, other.code());
    assertTrue(other.err().contains("takes 3 rows of 3 numbers"), other.err());
  }

  private void refused(String part, String rows) {
    Path bad = Cli.write(dir.resolve("bad.csv"), "x,e\n" + rows + "3,1\n4,1\n5,1\n6,1\n7,1\n");
    Path declared = Cli.write(dir.resolve("e.yaml"), "columns: {e: {role: noise-sd}}");
    Cli.Result result =
        Cli.run(
            "fit",
            "--estimator",
            "xd-gmm",
            "--data",
            bad,
            "--schema",
            declared,
            "--out",
            model,
            "--set",
            "components=1");
    assertEquals(2, result.code(), result.err());
    assertTrue(result.err().contains(part), result.err());
  }

  @Test
  void theFirstRowThatIsLeftOutIsNamed() {
    done(fit());
    Path bad =
        Cli.write(
            dir.resolve("some.csv"),
            "name,x,y,ex,ey\na,0,5,0.3,0.1\nb,,,,\nc,0,5,0.3,-0.1\nd,0,5,-0.3,0.1\n");
    Object[] words = {"--model", model, "--data", bad, "--out", dir.resolve("o.csv")};
    for (Object[] command :
        List.of(
            joined(new Object[] {"score", "--density", "observed"}, words),
            joined(new Object[] {"denoise"}, words))) {
      String said = done(Cli.run(command)).err();
      assertTrue(
          said.contains("3 rows are left out, as of row 2 no feature is observed"),
          command[0] + said);
    }
    Path negative =
        Cli.write(
            dir.resolve("one.csv"),
            "name,x,y,ex,ey\na,0,5,0.3,0.1\nb,0,5,0.3,0.1\nc,0,5,0.3,-0.1\n");
    words[3] = negative;
    String said = done(Cli.run(joined(new Object[] {"denoise"}, words))).err();
    assertTrue(
        said.contains("1 row is left out, as of row 3 the standard deviation of the error of 'y'"),
        said);
  }

  @Test
  void severalDensitiesHaveAColumnEach() throws IOException {
    done(fit());
    Path both = dir.resolve("both.csv");
    Object[] words = {"score", "--model", model, "--data", data, "--json", "--out"};
    Cli.Result result =
        done(Cli.run(joined(words, both, "--density", "latent", "--density", "observed")));
    List<String> lines = Files.readAllLines(both);
    assertEquals("name,x,y,ex,ey,log_density_latent,log_density_observed", lines.get(0));
    for (String density : List.of("latent", "observed")) {
      Path one = dir.resolve(density + ".csv");
      Map<String, Object> alone = done(Cli.run(joined(words, one, "--density", density))).json();
      int column = density.equals("latent") ? 5 : 6;
      List<String> same = Files.readAllLines(one);
      for (int i = 1; i < lines.size(); i++) {
        assertEquals(same.get(i).split(",", -1)[5], lines.get(i).split(",", -1)[column]);
      }
      Map<?, ?> figures = (Map<?, ?>) ((List<?>) result.json().get("densities")).get(column - 5);
      assertEquals(density, figures.get("density"));
      assertEquals(alone.get("mean_log_density"), figures.get("mean_log_density"));
    }
    assertEquals("latent", result.json().get("density"));
    Path comma = dir.resolve("comma.csv");
    done(Cli.run(joined(words, comma, "--density", "observed,latent,observed")));
    assertEquals(
        "name,x,y,ex,ey,log_density_observed,log_density_latent", Files.readAllLines(comma).get(0));
  }

  @Test
  void repairedRowsAreCounted() {
    Path table =
        Cli.write(
            dir.resolve("cov.csv"),
            "x,y,a,b,c,d\n1,2,1,0,0,1\n2,3,1,2,2,1\n0,1,1,0,0,1\n3,1,0,1,1,1\n4,4,1,0,0,1\n"
                + "5,2,1,0,0,1\n6,1,1,0,0,1\n");
    Path noise =
        Cli.write(
            dir.resolve("cov.yaml"),
            "columns: {a: {role: noise-cov}, b: {role: noise-cov}, c: {role: noise-cov}, d: {role: "
                + "noise-cov}}");
    Object[] words = {
      "fit",
      "--estimator",
      "xd-gmm",
      "--data",
      table,
      "--schema",
      noise,
      "--out",
      model,
      "--set",
      "components=1",
      "--set",
      "repair=nearest"
    };
    String said = done(Cli.run(words)).err();
    assertTrue(
        said.contains("repair=nearest changed the errors of 2 rows, of which the first is row 2."),
        said);
    words[words.length - 1] = "repair=refuse";
    Cli.Result refused = Cli.run(words);
    assertEquals(2, refused.code());
    assertTrue(refused.err().contains("2 rows in all: 2, 4"), refused.err());
  }

  @Test
  void aModelWithoutNoiseDoesNotDenoise() {
    done(
        Cli.run(
            "fit",
            "--estimator",
            "maf",
            "--data",
            data,
            "--columns",
            "y",
            "--out",
            model,
            Cli.SMALL));
    Cli.Result result =
        Cli.run("denoise", "--model", model, "--data", data, "--out", dir.resolve("o.csv"));
    assertEquals(2, result.code());
    assertTrue(result.err().contains("does not offer latent-posterior"), result.err());
    Cli.Result samples =
        Cli.run(
            "denoise",
            "--model",
            model,
            "--data",
            data,
            "--out",
            dir.resolve("o.csv"),
            "--samples",
            0);
    assertEquals(2, samples.code());
    assertTrue(samples.err().contains("--samples must be from 1"), samples.err());
  }
}
