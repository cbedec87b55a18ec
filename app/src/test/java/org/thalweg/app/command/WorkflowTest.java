package org.thalweg.app.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thalweg.app.Cli;
import org.thalweg.app.console.Interruption;
import org.thalweg.toolkit.model.ModelFile;

/** From a table to a model and back, with a model too small to be good. */
class WorkflowTest {
  @TempDir Path dir;
  private Path data;
  private Path model;

  @BeforeEach
  void writeTable() {
    data = Cli.correlated(dir.resolve("t.csv"), 400);
    model = dir.resolve("m.thalweg");
  }

  private Cli.Result fit(Object... more) {
    return fit(new Interruption(), more);
  }

  private Cli.Result fit(Interruption interruption, Object... more) {
    Object[] start = {
      "fit",
      "--estimator",
      "nsf-coupling",
      "--data",
      data,
      "--out",
      model,
      "--json",
      "--threads",
      "1",
      Cli.SMALL
    };
    Object[] all = Arrays.copyOf(start, start.length + more.length);
    System.arraycopy(more, 0, all, start.length, more.length);
    return Cli.run(interruption, all);
  }

  private static Cli.Result done(Cli.Result result) {
    assertEquals(0, result.code(), result.err());
    return result;
  }

  private List<String> lines(String name) throws IOException {
    return Files.readAllLines(dir.resolve(name));
  }

  @Test
  void fitReportsWhatTheContractNames() {
    Map<String, Object> json = done(fit("--columns", "a,b")).json();
    assertTrue(
        json.keySet()
            .containsAll(
                Set.of(
                    "model",
                    "estimator",
                    "seed",
                    "parameters",
                    "seconds",
                    "train_log_density",
                    "validation_log_density",
                    "test_log_density")),
        json.keySet().toString());
    assertEquals("nsf-coupling", json.get("estimator"));
    assertEquals(model.toString(), json.get("model"));
    assertEquals(400, json.get("rows"));
    assertTrue(json.get("parameters") instanceof Integer);
    assertFalse(Files.exists(dir.resolve("m.thalweg.checkpoint")), "a checkpoint was left");
  }

  @Test
  void theModelFileSaysWhatAFitNeedsToBeRepeated() {
    done(fit("--columns", "a,b", "--seed", "8"));
    Map<String, Object> manifest = ModelFile.manifest(model);
    Map<?, ?> provenance = (Map<?, ?>) manifest.get("provenance");
    assertEquals(8, manifest.get("seed"));
    assertEquals(1, provenance.get("threads"));
    assertEquals(List.of(0.8, 0.1, 0.1), provenance.get("split"));
  }

  @Test
  void scoresSumToWhatEvaluateSays() throws IOException {
    done(fit("--columns", "a,b"));
    Cli.Result score =
        done(
            Cli.run(
                "score",
                "--model",
                model,
                "--data",
                data,
                "--out",
                dir.resolve("s.csv"),
                "--json"));
    assertEquals("a,b,c,log_density", lines("s.csv").get(0));
    assertEquals(401, lines("s.csv").size());
    double mean =
        lines("s.csv").stream()
            .skip(1)
            .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(',') + 1)))
            .average()
            .orElseThrow();
    assertEquals(mean, (double) score.json().get("mean_log_density"), 1e-9);
    Map<String, Object> all =
        done(Cli.run("evaluate", "--model", model, "--data", data, "--rows", "all", "--json"))
            .json();
    assertEquals(mean, (double) all.get("mean_log_density"), 1e-6);
    assertEquals(-mean / (2 * Math.log(2)), (double) all.get("bits_per_dimension"), 1e-6);
    assertEquals("exact", all.get("kind"));
    assertEquals("all", all.get("part"));
    assertEquals(true, all.get("may_include_training_rows"));
    assertEquals(400, all.get("rows"));
    assertEquals(400, all.get("rows_used"));
    assertEquals(0, all.get("rows_refused"));
  }

  @Test
  void evaluateFindsTheTestRowsAgain() {
    Map<String, Object> fitted = done(fit("--columns", "a,b")).json();
    Map<String, Object> test =
        done(Cli.run("evaluate", "--model", model, "--data", data, "--json")).json();
    assertEquals("test", test.get("part"));
    assertEquals(false, test.get("may_include_training_rows"));
    assertEquals(40, test.get("rows_used"));
    assertEquals(400, test.get("rows"));
    assertEquals(
        (double) fitted.get("test_log_density"), (double) test.get("mean_log_density"), 1e-6);
    assertEquals(
        (double) fitted.get("test_standard_error"), (double) test.get("standard_error"), 1e-6);
    Map<String, Object> other =
        done(Cli.run("evaluate", "--model", model, "--data", data, "--where", "a > 0", "--json"))
            .json();
    assertEquals("all", other.get("part"));
    assertEquals(true, other.get("may_include_training_rows"));
    Cli.Result refused =
        Cli.run("evaluate", "--model", model, "--data", data, "--where", "a > 0", "--rows", "test");
    assertEquals(2, refused.code());
    assertTrue(refused.err().contains("--rows all"), refused.err());
  }

  @Test
  void rowsThatCannotBeScoredAreEmptyAndCounted() throws IOException {
    done(fit("--columns", "a,b"));
    Path holes = Cli.write(dir.resolve("holes.csv"), "b,id,a\n1,x,0.5\n,y,0.5\n1,z,inf\n2,w,1\n");
    Cli.Result score =
        done(
            Cli.run(
                "score",
                "--model",
                model,
                "--data",
                holes,
                "--out",
                dir.resolve("s.csv"),
                "--json"));
    assertEquals(2, score.json().get("rows_refused"));
    assertTrue(lines("s.csv").get(2).endsWith("y,0.5,"), lines("s.csv").get(2));
    assertTrue(lines("s.csv").get(3).endsWith("z,inf,"), lines("s.csv").get(3));
    assertFalse(lines("s.csv").get(4).endsWith(","), lines("s.csv").get(4));
    Path none = Cli.write(dir.resolve("none.csv"), "a,b\n,1\n2,\n");
    Cli.Result refused =
        Cli.run("score", "--model", model, "--data", none, "--out", dir.resolve("n.csv"));
    assertEquals(3, refused.code());
    assertFalse(Files.exists(dir.resolve("n.csv")));
  }

  @Test
  void scoreCopiesTheCellsOfATextTable() throws IOException {
    done(fit("--columns", "a,b"));
    String big = "123456789012345678901234567890";
    List<String> rows =
        List.of("1.50,0.10,1e3,007," + big, "-2.0,+1,\"x, y\",,", "3,1E-1,NA,1.0,-0");
    Path table = dir.resolve("copied.csv");
    Cli.write(table, "a,b,note,id,big\n" + String.join("\n", rows) + "\n");
    done(
        Cli.run(
            "score", "--model", model, "--data", table, "--out", dir.resolve("s.csv"), "--json"));
    List<String> scored = lines("s.csv");
    assertEquals("a,b,note,id,big,log_density", scored.get(0));
    assertEquals(4, scored.size());
    for (int i = 0; i < 3; i++) {
      String line = scored.get(i + 1);
      String copied = line.substring(0, line.lastIndexOf(','));
      assertEquals(rows.get(i), copied);
      Double.parseDouble(line.substring(copied.length() + 1));
    }

    done(Cli.run("score", "--model", model, "--data", table, "--out", dir.resolve("s.jsonl")));
    assertTrue(lines("s.jsonl").get(0).contains("\"a\":1.5,"), "numbers stay numbers elsewhere");
  }

  @Test
  void blankLinesDoNotShiftTheScores() throws IOException {
    done(fit("--columns", "a"));
    Path table = Cli.write(dir.resolve("one.csv"), "a\n0.10\n\n0.30\n");
    done(Cli.run("score", "--model", model, "--data", table, "--out", dir.resolve("s.csv")));
    done(
        Cli.run(
            "score",
            "--model",
            model,
            "--data",
            table,
            "--out",
            dir.resolve("w.csv"),
            "--where",
            "a > 0.2"));
    assertEquals("0.30" + lines("w.csv").get(1).substring(3), lines("s.csv").get(3));
  }

  @Test
  void aTimeLimitThatEndedTrainingIsSaid() {
    Object[] words = {
      "fit", "--estimator", "maf", "--data", data, "--out", model, "--set", "patience=0"
    };
    Cli.Result limited = done(Cli.run(words, "--time-limit", "1s", "--set", "epochs=1000000"));
    assertTrue(limited.out().contains("stopped"), limited.out());
    assertTrue(limited.out().contains("by the time limit"), limited.out());
    Cli.Result whole = done(Cli.run(words, "--time-limit", "10m", "--set", "epochs=1"));
    assertFalse(whole.out().contains("stopped"), whole.out());
  }

  @Test
  void scoreRefusesATableThatWasScored() {
    done(fit("--columns", "a,b"));
    Path scored = Cli.write(dir.resolve("s.csv"), "a,b,log_density\n1,2,3\n");
    Cli.Result refused =
        Cli.run("score", "--model", model, "--data", scored, "--out", dir.resolve("n.csv"));
    assertEquals(2, refused.code());
    assertTrue(refused.err().contains("EXCLUDE (log_density)"), refused.err());
    done(
        Cli.run(
            "score",
            "--model",
            model,
            "--data",
            scored,
            "--out",
            dir.resolve("n.csv"),
            "--sql",
            "SELECT * EXCLUDE (log_density) FROM data"));
  }

  @Test
  void samplesAreRepeatableAndKeepTheirNames() throws IOException {
    done(fit("--columns", "a,b"));
    for (String name : List.of("x.csv", "y.csv")) {
      done(
          Cli.run(
              "sample",
              "--model",
              model,
              "-n",
              "20000",
              "--out",
              dir.resolve(name),
              "--seed",
              "3"));
    }
    assertEquals("a,b", lines("x.csv").get(0));
    assertEquals(20001, lines("x.csv").size());
    assertEquals(lines("x.csv"), lines("y.csv"));
    assertEquals(20000, lines("x.csv").stream().skip(1).distinct().count());
    done(
        Cli.run(
            "sample", "--model", model, "-n", "5", "--out", dir.resolve("y.csv"), "--seed", "4"));
    assertFalse(lines("x.csv").contains(lines("y.csv").get(1)));
  }

  @Test
  void aConditionalModelTakesItsContextFromATable() throws IOException {
    done(fit("--columns", "a,b", "--context", "c"));
    Path contexts = Cli.write(dir.resolve("c.csv"), "c\n0\n1\n\n");
    Cli.Result without =
        Cli.run("sample", "--model", model, "-n", "2", "--out", dir.resolve("x.csv"));
    assertEquals(2, without.code());
    assertTrue(without.err().contains("--context-data"), without.err());
    done(
        Cli.run(
            "sample",
            "--model",
            model,
            "-n",
            "3",
            "--out",
            dir.resolve("x.csv"),
            "--context-data",
            contexts));
    assertEquals("a,b,c", lines("x.csv").get(0));
    List<String> given =
        lines("x.csv").stream().skip(1).map(l -> l.substring(l.lastIndexOf(',') + 1)).toList();
    assertEquals(List.of("0.0", "0.0", "0.0", "1.0", "1.0", "1.0"), given);
    Cli.Result score =
        done(Cli.run("score", "--model", model, "--data", data, "--out", dir.resolve("s.parquet")));
    assertTrue(score.out().contains("400"), score.out());
    Cli.Result missing =
        Cli.run(
            "score",
            "--model",
            model,
            "--data",
            dir.resolve("x.csv"),
            "--sql",
            "SELECT a, b, 1 AS d FROM data",
            "--out",
            dir.resolve("z.csv"));
    assertEquals(2, missing.code());
    assertTrue(missing.err().contains("'c'"), missing.err());
  }

  @Test
  void roundedColumnsAreWarnedOfAndDequantised() throws IOException {
    String table =
        "a,b\n"
            + java.util.stream.IntStream.range(0, 300)
                .mapToObj(i -> (i % 17) / 10.0 + "," + (i % 23) + "\n")
                .collect(Collectors.joining());
    data = Cli.write(dir.resolve("r.csv"), table);
    Cli.Result warned = done(fit());
    assertTrue(warned.err().contains("values repeat in 'a'"), warned.err());
    assertTrue(warned.err().contains("--dequantise"), warned.err());
    Cli.Result spread = done(fit("--dequantise"));
    assertTrue(spread.err().contains("Column 'a' is rounded to 0.1"), spread.err());
    assertFalse(spread.err().contains("values repeat"), spread.err());
    done(Cli.run("sample", "--model", model, "-n", "50", "--round", "--out", dir.resolve("x.csv")));
    for (String line : lines("x.csv").subList(1, 51)) {
      assertTrue(line.matches("-?\\d+\\.\\d(E-?\\d+)?,-?\\d+\\.0"), line);
    }
    done(Cli.run("evaluate", "--model", model, "--data", data));
  }

  @Test
  void aConfigFileIsReadAndSetWins() {
    Path config =
        Cli.write(
            dir.resolve("c.yaml"),
            "epochs: 7\nunivariate:\n  name: rational-quadratic\n  bins: 4\n");
    Cli.Result result = done(fit("--config", config));
    assertFalse(result.err().contains("/7"), result.err());
    Cli.Result twice = fit("--config", Cli.write(dir.resolve("d.yaml"), "epochs: 7\nepochs: 8\n"));
    assertEquals(2, twice.code());
    assertTrue(twice.err().contains("epochs"), twice.err());
    Cli.Result unknown = fit("--config", Cli.write(dir.resolve("e.yaml"), "epoch: 7\n"));
    assertTrue(unknown.err().contains("Did you mean 'epochs'?"), unknown.err());
  }

  @Test
  void anInterruptedFitKeepsACheckpointAndGoesOn() throws IOException {
    done(fit("--columns", "a,b"));
    byte[] whole = Files.readAllBytes(model);
    Files.delete(model);
    Interruption interruption = new Interruption();
    interruption.request();
    Cli.Result stopped = fit(interruption, "--columns", "a,b");
    assertEquals(130, stopped.code(), stopped.err());
    assertTrue(stopped.err().contains("--resume"), stopped.err());
    assertFalse(Files.exists(model));
    assertTrue(Files.exists(dir.resolve("m.thalweg.checkpoint")));
    Cli.Result resumed = done(fit("--columns", "a,b", "--resume"));
    assertTrue(resumed.err().contains("Going on from"), resumed.err());
    // The checkpoint keeps why the engine was chosen.
    assertTrue(resumed.err().contains("trained on it, then chosen as "), resumed.err());
    assertArrayEquals(weights(whole), weights(Files.readAllBytes(model)));
    assertFalse(Files.exists(dir.resolve("m.thalweg.checkpoint")));
    Cli.Result afresh = done(fit("--columns", "a,b", "--resume"));
    assertTrue(afresh.err().contains("starting afresh"), afresh.err());
  }

  /** The second entry of the zip. */
  private static byte[] weights(byte[] file) throws IOException {
    try (var zip = new java.util.zip.ZipInputStream(new java.io.ByteArrayInputStream(file))) {
      zip.getNextEntry();
      zip.getNextEntry();
      return zip.readAllBytes();
    }
  }

  @Test
  void anOutputThatCannotBeWrittenIsRefusedBeforeTraining() {
    model = dir.resolve("nothing").resolve("m.thalweg");
    Cli.Result missing = fit();
    assertEquals(2, missing.code());
    assertTrue(missing.err().contains("there is no directory"), missing.err());
    assertFalse(missing.err().contains("Training"), missing.err());
    model = dir;
    assertTrue(fit().err().contains("is a directory"));
    model = data.resolve("m.thalweg");
    assertEquals(2, fit().code());
  }

  @Test
  void anExistingModelSurvivesAFailedFit() throws IOException {
    done(fit("--columns", "a,b"));
    byte[] before = Files.readAllBytes(model);
    assertEquals(2, fit("--columns", "a,zzz").code());
    Interruption interruption = new Interruption();
    interruption.request();
    assertEquals(130, fit(interruption).code());
    assertArrayEquals(before, Files.readAllBytes(model));
  }

  @Test
  void aDamagedModelIsExitThree() throws IOException {
    done(fit("--columns", "a,b"));
    byte[] bytes = Files.readAllBytes(model);
    bytes[bytes.length / 2] ^= 1;
    Files.write(model, bytes);
    Cli.Result refused = Cli.run("evaluate", "--model", model, "--data", data);
    assertEquals(3, refused.code(), refused.err());
    Cli.Result foreign = Cli.run("evaluate", "--model", data, "--data", data);
    assertEquals(3, foreign.code(), foreign.err());
    Cli.Result missing = Cli.run("evaluate", "--model", dir.resolve("no"), "--data", data);
    assertEquals(2, missing.code(), missing.err());
  }

  @Test
  void picturesAreWrittenAndNamed() {
    Map<String, Object> json = done(fit("--columns", "a,b", "--pictures", dir.resolve("p"))).json();
    assertEquals(
        List.of("training-curve.png", "pair-plot.png", "density-map.png"),
        ((List<?>) json.get("pictures"))
            .stream().map(p -> Path.of(p.toString()).getFileName().toString()).toList());
    assertTrue(Files.exists(dir.resolve("p").resolve("density-map.png")));
  }

  @Test
  void aTimeLimitKeepsTheBestSoFar() {
    data = Cli.correlated(dir.resolve("long.csv"), 20_000);
    Cli.Result result =
        done(fit("--columns", "a,b", "--time-limit", "0.2s", "--set", "batch-size=8"));
    assertEquals("time_limit", result.json().get("stop"));
    assertTrue(result.json().get("validation_log_density") instanceof Double);
  }

  @Test
  void aRandomSampleIsUsedBeyondTheLimit() {
    Cli.Result result = done(fit("--columns", "a,b", "--max-rows", "100"));
    assertEquals(100, result.json().get("rows_kept"));
    assertEquals(400, result.json().get("rows"));
    assertTrue(result.err().contains("a random sample of 100 of 400"), result.err());
    Map<String, Object> test =
        done(Cli.run("evaluate", "--model", model, "--data", data, "--json")).json();
    assertEquals(10, test.get("rows_used"));
    assertEquals(
        (double) result.json().get("test_log_density"),
        (double) test.get("mean_log_density"),
        1e-6);
    assertEquals(2, fit("--max-rows", "0").code());
  }

  @Test
  void weightsAreNeededInTrainingOnly() {
    Path schema = Cli.write(dir.resolve("s.yaml"), "columns: {c: {role: weight}}");
    done(fit("--schema", schema));
    assertEquals(
        "test",
        done(Cli.run("evaluate", "--model", model, "--data", data, "--json")).json().get("part"));
    Path without = Cli.write(dir.resolve("w.csv"), "a,b\n1,1\n2,2\n");
    done(Cli.run("score", "--model", model, "--data", without, "--out", dir.resolve("s.csv")));
    assertEquals(
        "all",
        done(Cli.run("evaluate", "--model", model, "--data", without, "--json"))
            .json()
            .get("part"));
  }

  @Test
  void aSplitThatIsNotThereIsNamedAsItWasGiven() {
    done(fit("--columns", "a,b", "--split", "0.9,0.1,0"));
    Cli.Result refused = Cli.run("evaluate", "--model", model, "--data", data, "--rows", "test");
    assertEquals(2, refused.code());
    assertTrue(refused.err().contains("the split 0.9,0.1,0.0, which"), refused.err());
  }

  @Test
  void aSchemaFileBoundsAColumn() throws IOException {
    data =
        Cli.write(
            dir.resolve("b.csv"),
            "u,v\n"
                + java.util.stream.IntStream.range(1, 300)
                    .mapToObj(i -> i / 300.0 + "," + Math.sin(i) + "\n")
                    .collect(Collectors.joining()));
    Path schema = Cli.write(dir.resolve("s.yaml"), "columns: {u: {kind: bounded, lo: 0, hi: 1}}");
    done(fit("--schema", schema));
    done(Cli.run("sample", "--model", model, "-n", "500", "--out", dir.resolve("x.csv")));
    for (String line : lines("x.csv").subList(1, 501)) {
      double u = Double.parseDouble(line.substring(0, line.indexOf(',')));
      assertTrue(u > 0 && u < 1, line);
    }
    Path outside = Cli.write(dir.resolve("o.csv"), "u,v\n0.5,0\n1.5,0\n");
    Cli.Result score =
        done(
            Cli.run(
                "score",
                "--model",
                model,
                "--data",
                outside,
                "--out",
                dir.resolve("s.csv"),
                "--json"));
    assertEquals(1, score.json().get("rows_refused"));
  }
}
