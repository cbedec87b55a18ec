package org.thalweg.app.infer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.thalweg.app.Cli;
import org.thalweg.app.console.Interruption;
import org.thalweg.app.fake.FakePlugin;
import org.thalweg.app.table.Workspace;
import org.thalweg.toolkit.config.ConfigBinder;

/** The command, with problems and methods whose answers are known. */
class InferTest {
  private static final String SEEN = "left,right,both\n0.3,0.6,0.9\n";

  @TempDir static Path shared;
  @TempDir Path directory;

  private static Path seen;
  private static Path data;

  @BeforeAll
  static void files() {
    // Options are read by the toolkit, and nobody exports a package of tests.
    Module tests = FakePlugin.class.getModule();
    if (tests.isNamed()) {
      InferTest.class
          .getModule()
          .addExports(FakePlugin.class.getPackageName(), ConfigBinder.class.getModule());
    }
    seen = Cli.write(shared.resolve("seen.csv"), SEEN);
    data = Cli.write(shared.resolve("y.json"), "{\"y\": [2.5, 3, 3.5, 3], \"n\": 4}");
  }

  private static Cli.Result run(Object... arguments) {
    return Cli.run(new Interruption(), new FakePlugin(), arguments);
  }

  private Path out() {
    return directory.resolve("out");
  }

  private Object[] simulated(Object... more) {
    Object[] first = {
      "infer",
      "--method",
      "fake-sequential",
      "--simulator",
      "fake-scales",
      "--observation",
      seen,
      "--out",
      out(),
      "--simulations",
      100,
      "--json"
    };
    return Stream.concat(Arrays.stream(first), Arrays.stream(more)).toArray();
  }

  private static String names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return String.join(" ", files.map(f -> f.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void aSimulatorsPosteriorIsWrittenWhole() throws IOException {
    Cli.Result result = run(simulated("--draws", 500, "--rounds", 2, "--seed", 7));
    assertEquals(0, result.code(), result.err());
    Map<String, Object> json = result.json();
    assertEquals("fake-sequential", json.get("method"));
    assertEquals("fake-scales", json.get("problem"));
    assertEquals(7, json.get("seed"));
    assertEquals(100, json.get("simulations"));
    assertEquals("doubtful", json.get("verdict"));
    assertEquals(List.of("It has learnt nothing."), json.get("reasons"));
    assertEquals(Map.of("acceptance", 0.9), json.get("diagnostics"));
    assertEquals(
        json, new JsonMapper().readValue(out().resolve("summary.json").toFile(), Map.class));
    assertEquals(
        "graph-ranks.png pair-plot.png parameter-1.png parameter-2.png posterior.thalweg "
            + "report.html samples.csv samples.parquet simulations.parquet summary.json trace.png",
        names(out()));
    assertEquals(
        "1 ok 49, 1 timeout 1, 2 ok 49, 2 timeout 1",
        simulated(out().resolve("simulations.parquet")));
    List<String> lines = Files.readAllLines(out().resolve("samples.csv"));
    assertEquals("weight_1,weight_2", lines.get(0));
    assertEquals(501, lines.size());
    double[] first = column(lines, 0);
    // Uniform on 0.3 +- 0.05: the standard error of the mean of 500 is 0.0013.
    assertEquals(0.3, Arrays.stream(first).average().orElseThrow(), 0.006);
    Map<?, ?> parameter = (Map<?, ?>) ((List<?>) json.get("parameters")).get(0);
    assertEquals("weight_1", parameter.get("name"));
    assertEquals(1.25, parameter.get("r_hat"));
    assertEquals(1.5, ((Map<?, ?>) ((List<?>) json.get("parameters")).get(1)).get("r_hat"));
    assertEquals(
        Arrays.stream(first).average().orElseThrow(), (Double) parameter.get("mean"), 1e-9);
    Arrays.sort(first);
    assertEquals((first[249] + first[250]) / 2, (Double) parameter.get("median"), 1e-9);
    String page = Files.readString(out().resolve("report.html"));
    assertTrue(page.indexOf("Verdict: doubtful") < page.indexOf("Marginals"), "verdict on top");
    assertTrue(page.contains("graph-ranks.png"), "the method's graphs");
  }

  /** How many simulations of each round had an outcome; those that failed have no data. */
  private static String simulated(Path file) {
    String counts =
        "SELECT concat_ws(' ', simulation_round, simulation_outcome, count(weight_1)) FROM "
            + "read_parquet('%s') WHERE (simulated_3 IS NULL) = (simulation_outcome <> 'ok') "
            + "GROUP BY simulation_round, simulation_outcome ORDER BY ALL";
    try (Workspace workspace = new Workspace(1)) {
      return workspace.query(
          "Cannot count",
          counts.formatted(file),
          result -> {
            StringJoiner out = new StringJoiner(", ");
            while (result.next()) {
              out.add(result.getString(1));
            }
            return out.toString();
          });
    }
  }

  private static double[] column(List<String> lines, int column) {
    return lines.stream()
        .skip(1)
        .mapToDouble(line -> Double.parseDouble(line.split(",")[column]))
        .toArray();
  }

  @Test
  void bothTablesHoldTheSameDraws() {
    assertEquals(0, run(simulated("--draws", 50)).code());
    try (Workspace workspace = new Workspace(1)) {
      String difference =
          "SELECT count(*) FROM (SELECT * FROM read_parquet('%s') EXCEPT SELECT * FROM read_csv('%s'))"
              .formatted(out().resolve("samples.parquet"), out().resolve("samples.csv"));
      long rows =
          workspace.query(
              "Cannot compare",
              difference,
              result -> {
                result.next();
                return result.getLong(1);
              });
      assertEquals(0, rows);
    }
  }

  @Test
  void anAmortisedPosteriorAnswersANewObservation() throws IOException {
    assertEquals(0, run(simulated()).code());
    Path model = out().resolve("posterior.thalweg");
    Path other = Cli.write(directory.resolve("new.csv"), "left,right,both\n0.8,0.1,0.9\n");
    Path drawn = directory.resolve("drawn.csv");
    Cli.Result sample =
        run("sample", "--model", model, "--context-data", other, "-n", 200, "--out", drawn);
    assertEquals(0, sample.code(), sample.err());
    List<String> lines = Files.readAllLines(drawn);
    assertEquals("weight_1,weight_2,left,right,both", lines.get(0));
    assertEquals(0.8, Arrays.stream(column(lines, 0)).average().orElseThrow(), 0.01);
    Path scored = directory.resolve("scored.csv");
    Cli.Result score = run("score", "--model", model, "--data", drawn, "--out", scored);
    assertEquals(0, score.code(), score.err());
    // The density of a square with sides of 0.1.
    assertEquals(
        2 * Math.log(10),
        Arrays.stream(column(Files.readAllLines(scored), 5)).min().orElseThrow(),
        1e-9);
    Cli.Result report = run("report", "--model", model, "--out", directory.resolve("report"));
    assertEquals(0, report.code(), report.err());
  }

  private Object[] answered(double mean, double deviation, Object... more) {
    Object[] first = {
      "infer",
      "--method",
      "fake-variational",
      "--target",
      "fake-mean",
      "--data",
      data,
      "--set",
      "mean=" + mean,
      "--set",
      "deviation=" + deviation,
      "--out",
      out(),
      "--draws",
      4000,
      "--json"
    };
    return Stream.concat(Arrays.stream(first), Arrays.stream(more)).toArray();
  }

  @Test
  void aTargetsPosteriorIsWeighed() throws IOException {
    Cli.Result result = run(answered(2.8, 0.7));
    assertEquals(0, result.code(), result.err());
    Map<String, Object> json = result.json();
    assertEquals("trust", json.get("verdict"), result.out());
    Map<?, ?> parameter = (Map<?, ?>) ((List<?>) json.get("parameters")).get(0);
    assertEquals(2.8, (Double) parameter.get("mean"), 0.05);
    // The target is N(3, 1/4); with some 2,500 effective draws the standard error is 0.01.
    assertEquals(3, (Double) parameter.get("corrected_mean"), 0.05);
    assertEquals(0.5, (Double) parameter.get("corrected_sd"), 0.03);
    Map<?, ?> figures = (Map<?, ?>) json.get("diagnostics");
    assertTrue((Double) figures.get("k_hat") < 0.7, figures.toString());
    // The integral of exp(-2 (x - 3)^2).
    assertEquals(0.5 * Math.log(Math.PI / 2), (Double) figures.get("log_evidence"), 0.05);
    List<String> lines = Files.readAllLines(out().resolve("samples.csv"));
    assertEquals("mu,weight", lines.get(0));
    double[] weights = column(lines, 1);
    double[] draws = column(lines, 0);
    assertEquals(1, Arrays.stream(weights).sum(), 1e-9);
    double mean = 0;
    for (int i = 0; i < draws.length; i++) {
      mean += weights[i] * draws[i];
    }
    assertEquals((Double) parameter.get("corrected_mean"), mean, 1e-9);
    Path scored = directory.resolve("scored.csv");
    Path model = out().resolve("posterior.thalweg");
    Cli.Result score =
        run("score", "--model", model, "--data", out().resolve("samples.csv"), "--out", scored);
    assertEquals(0, score.code(), score.err());
    assertFalse(score.err().contains("warning"), score.err());
    assertEquals("mu,weight,log_density", Files.readAllLines(scored).get(0));
    Cli.Result report =
        run(
            "report",
            "--model",
            model,
            "--data",
            out().resolve("samples.parquet"),
            "--out",
            directory.resolve("again"),
            "--json");
    assertEquals(0, report.code(), report.err());
    assertEquals(1, ((List<?>) report.json().get("columns")).size(), "the weight is no parameter");
  }

  /** The verdict is by draws of its own, whose k-hat may be on the other side of the limit. */
  @Test
  void whatIsDoubtfulIsNotCorrected() throws IOException {
    Cli.Result result = run(answered(2.8, 0.7, "--set", "claimed=0.71"));
    assertEquals("doubtful", result.json().get("verdict"), result.out());
    assertFalse(result.out().contains("corrected_mean"), result.out());
    assertEquals("mu", Files.readAllLines(out().resolve("samples.csv")).get(0));
  }

  @Test
  void aPosteriorThatMissesItsTargetIsNotTrusted() throws IOException {
    Cli.Result result = run(answered(0, 0.2));
    assertEquals(0, result.code(), result.err());
    assertEquals("do-not-use", result.json().get("verdict"), result.out());
    assertTrue(result.json().get("reasons").toString().contains("k-hat is"), result.out());
    assertFalse(result.out().contains("corrected_mean"), "moments that cannot be corrected");
    assertEquals("mu", Files.readAllLines(out().resolve("samples.csv")).get(0));
    assertEquals("do-not-use", noted(out().resolve("samples.parquet")));
  }

  private static String noted(Path parquet) {
    try (Workspace workspace = new Workspace(1)) {
      return workspace.query(
          "Cannot read the metadata",
          "SELECT decode(value) FROM parquet_kv_metadata('%s') WHERE decode(key) = 'verdict'"
              .formatted(parquet),
          result -> {
            result.next();
            return result.getString(1);
          });
    }
  }

  /** The method itself says nothing against this one: its file notes what was found. */
  @Test
  void everyCommandSaysThatAPosteriorIsNotToBeTrusted() throws IOException {
    assertEquals(0, run(answered(0, 0.2)).code());
    Path model = out().resolve("posterior.thalweg");
    Path drawn = directory.resolve("drawn.parquet");
    Path scored = directory.resolve("scored.csv");
    Path page = directory.resolve("page");
    List<Object[]> commands =
        List.of(
            new Object[] {"sample", "--model", model, "-n", 50, "--out", drawn, "--json"},
            new Object[] {"score", "--model", model, "--data", drawn, "--out", scored, "--json"},
            new Object[] {"evaluate", "--model", model, "--data", drawn, "--json"},
            new Object[] {"report", "--model", model, "--out", page, "--json"});
    for (Object[] command : commands) {
      Cli.Result result = run(command);
      assertEquals(0, result.code(), result.err());
      assertTrue(
          result.err().contains("is not to be used. k-hat is"), command[0] + ": " + result.err());
      assertEquals("do-not-use", result.json().get("verdict"), command[0].toString());
    }
    assertEquals("do-not-use", noted(drawn));
    String html = Files.readString(page.resolve("report.html"));
    int verdict = html.indexOf("Verdict: do not use");
    assertTrue(verdict > 0 && verdict < html.indexOf("What the model is"), "the verdict on top");
    assertEquals(0, run(answered(3, 0.5, "--seed", 2)).code());
    Cli.Result good = run("sample", "--model", model, "-n", 50, "--out", drawn, "--json");
    assertFalse(good.err().contains("warning"), good.err());
    assertEquals("trust", noted(drawn));
  }

  @Test
  void anInterruptedInferenceGoesOn() throws IOException {
    Interruption now = new Interruption();
    now.request();
    Cli.Result stopped = Cli.run(now, new FakePlugin(), simulated("--rounds", 4));
    assertEquals(130, stopped.code(), stopped.err());
    assertTrue(stopped.err().contains("--resume"), stopped.err());
    assertEquals("posterior.thalweg.checkpoint simulations.checkpoint.parquet", names(out()));
    assertEquals(
        "1 ok 24, 1 timeout 1", simulated(out().resolve("simulations.checkpoint.parquet")));
    Path elsewhere = Cli.write(directory.resolve("other.csv"), "left,right,both\n0.2,0.6,0.9\n");
    Cli.Result other =
        run(
            "infer",
            "--method",
            "fake-sequential",
            "--simulator",
            "fake-scales",
            "--observation",
            elsewhere,
            "--out",
            out(),
            "--simulations",
            100,
            "--rounds",
            4,
            "--resume");
    assertEquals(2, other.code());
    assertTrue(other.err().contains("the problem's observation was another"), other.err());
    Cli.Result options = run(simulated("--rounds", 4, "--resume", "--set", "width=0.01"));
    assertTrue(options.err().contains("width was 0.05 and is 0.01"), options.err());
    Cli.Result resumed = run(simulated("--rounds", 4, "--resume"));
    assertEquals(0, resumed.code(), resumed.err());
    assertFalse(resumed.err().contains("Round 1 of 4"), "the first round is not run again");
    assertTrue(resumed.err().contains("Round 2 of 4"), resumed.err());
    assertFalse(names(out()).contains("checkpoint"), names(out()));
  }

  /** Each check is a line, in the summary, in what is printed, and in the report. */
  @Test
  void everyCheckIsListed() throws IOException {
    Cli.Result result = run(simulated());
    Map<String, Object> acceptance =
        Map.of(
            "name", "acceptance",
            "outcome", "passed",
            "value", 0.9,
            "threshold", 0.01,
            "passes", "at-least",
            "sentence", "Nine in ten.");
    Map<String, Object> local =
        Map.of("name", "local", "outcome", "not-made", "sentence", "There is no time.");
    List<?> checks = (List<?>) result.json().get("checks");
    assertEquals(3, checks.size());
    assertEquals(acceptance, checks.get(0));
    assertEquals("failed", ((Map<?, ?>) checks.get(1)).get("outcome"));
    assertEquals(local, checks.get(2));
    Object[] plain = Arrays.stream(simulated()).filter(word -> !"--json".equals(word)).toArray();
    String printed = run(plain).out();
    for (String line :
        List.of(
            "check acceptance +passed: 0.9000, at least 0.01000",
            "check knowledge +failed: 0.5000, at most 0.2500",
            "check local +not made: There is no time.")) {
      assertTrue(Pattern.compile(line).matcher(printed).find(), printed);
    }
    String report = Files.readString(out().resolve("report.html"));
    for (String part :
        List.of(
            "at least 0.01", "at most 0.25", "not made", "There is no time.", "r_hat", "1.25")) {
      assertTrue(report.contains(part), part);
    }
  }

  @Test
  void whatAUserHasIsNotLost() throws IOException {
    Files.createDirectories(out());
    Cli.write(out().resolve("samples.csv"), "mine");
    Cli.Result refused = run(simulated());
    assertEquals(2, refused.code());
    assertTrue(refused.err().contains("'samples.csv', which is of no earlier"), refused.err());
    assertEquals("mine", Files.readString(out().resolve("samples.csv")));
    assertEquals("samples.csv", names(out()));
  }

  @Test
  void aFailureLeavesEarlierResults() throws IOException {
    assertEquals(0, run(simulated()).code());
    String before = Files.readString(out().resolve("samples.csv"));
    String there = names(out());
    Cli.Result failed = run(simulated("--set", "fail=true", "--seed", 9));
    assertEquals(5, failed.code(), failed.err());
    assertEquals(before, Files.readString(out().resolve("samples.csv")));
    assertEquals(
        there,
        names(out())
            .replace("posterior.thalweg.checkpoint ", "")
            .replace("simulations.checkpoint.parquet ", ""));
    assertEquals(0, run(simulated("--seed", 9)).code());
    assertFalse(before.equals(Files.readString(out().resolve("samples.csv"))), "another seed");
    assertEquals(0, run(simulated()).code());
    assertEquals(before, Files.readString(out().resolve("samples.csv")), "the same seed");
  }

  @Test
  void listsAndDescribes() {
    Cli.Result methods = run("list", "methods", "--json");
    assertTrue(methods.out().contains("\"takes\" : \"target\""), methods.out());
    assertTrue(run("list", "simulators").out().contains("fake-scales"));
    assertTrue(run("list", "targets").out().contains("fake-mean"));
    String method = run("describe", "method/fake-sequential").out();
    assertTrue(method.contains("takes: a simulator"), method);
    assertTrue(method.contains("--set width=0.05"), method);
    String simulator = run("describe", "fake-scales").out();
    assertTrue(simulator.contains("parameter weight_1: numbers between 0.0 and 1.0"), simulator);
    assertTrue(simulator.contains("observation: 3 numbers, left, right, both"), simulator);
    assertTrue(run("describe", "fake-mean").out().contains("data: y"));
  }

  static Stream<Arguments> badInput() {
    return Stream.of(
        bad(
            "method fake-sequentail simulator fake-scales observation SEEN",
            "Did you mean 'fake-sequential'?"),
        bad(
            "method fake-sequential simulator fake-scale observation SEEN",
            "Did you mean 'fake-scales'?"),
        bad("method fake-variational target fake-man", "Did you mean 'fake-mean'?"),
        bad("method fake-sequential", "--simulator NAME with --observation FILE, or --target"),
        bad(
            "method fake-sequential simulator fake-scales target fake-mean",
            "Name what is inferred"),
        bad("method fake-sequential simulator fake-scales", "needs what was observed"),
        bad(
            "method fake-sequential simulator fake-scales observation none.csv",
            "no file 'none.csv'"),
        bad(
            "method fake-sequential simulator fake-scales observation SHORT",
            "has 2 columns (left, right), and simulator 'fake-scales' gives 3 numbers"),
        bad(
            "method fake-sequential simulator fake-scales observation NAN",
            "no finite number in row 1, column 'right'"),
        bad("method fake-sequential simulator fake-scales observation TEXT", "'heavy'"),
        bad(
            "method fake-sequential simulator fake-scales observation SEEN simulations 0",
            "--simulations must be at least 1, got 0"),
        bad(
            "method fake-sequential simulator fake-scales observation SEEN rounds 0",
            "--rounds must be at least 1, got 0"),
        bad(
            "method fake-sequential simulator fake-scales observation SEEN draws 1",
            "--draws must be at least 2, got 1"),
        bad(
            "method fake-sequential simulator fake-scales observation SEEN data DATA",
            "--data goes with --target"),
        bad(
            "method fake-sequential simulator fake-scales observation SEEN problem-set error=-1",
            "error"),
        bad(
            "method fake-sequential simulator fake-scales observation SEEN problem-set error",
            "--problem-set takes KEY=VALUE"),
        bad("method fake-sequential simulator fake-scales observation SEEN set widht=1", "width"),
        bad(
            "method fake-sequential target fake-mean data DATA",
            "Method 'fake-sequential' takes --simulator"),
        bad(
            "method fake-variational simulator fake-scales observation SEEN",
            "Method 'fake-variational' takes --target"),
        bad(
            "method fake-variational target fake-mean",
            "needs data: name a JSON file with y by --data"),
        bad("method fake-variational target fake-mean data OTHER", "lacks: y"),
        bad("method fake-variational target fake-mean data SEEN", "is not JSON"),
        bad("method fake-variational target fake-mean data LIST", "holds an array"),
        bad("method fake-variational target fake-mean data NULL", "holds 'null' in y"),
        bad("method fake-variational target fake-mean data none.json", "no file 'none.json'"),
        bad(
            "method fake-variational target fake-mean data DATA observation SEEN",
            "--observation goes with --simulator"),
        bad(
            "method fake-variational target fake-mean data DATA simulations 10",
            "simulates nothing"),
        bad("method fake-variational target fake-mean data DATA rounds 2", "takes one round"));
  }

  private static Arguments bad(String options, String said) {
    return Arguments.of(options, said);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badInput")
  void badInputGetsAnAnswer(String options, String said) {
    Map<String, Path> files =
        Map.of(
            "SEEN", seen,
            "DATA", data,
            "SHORT", Cli.write(directory.resolve("short.csv"), "left,right\n0.3,0.6\n"),
            "NAN", Cli.write(directory.resolve("nan.csv"), "left,right,both\n0.3,nan,0.9\n"),
            "TEXT", Cli.write(directory.resolve("text.csv"), "left,right,both\n0.3,heavy,0.9\n"),
            "OTHER", Cli.write(directory.resolve("other.json"), "{\"x\": 1}"),
            "LIST", Cli.write(directory.resolve("list.json"), "[1, 2]"),
            "NULL", Cli.write(directory.resolve("null.json"), "{\"y\": [1, null]}"));
    String[] words = options.split(" ");
    for (int i = 0; i < words.length; i += 2) {
      words[i] = "--" + words[i];
      words[i + 1] =
          files.containsKey(words[i + 1]) ? files.get(words[i + 1]).toString() : words[i + 1];
    }
    Cli.Result result = run("infer", words, "--out", out());
    assertEquals(2, result.code(), result.err());
    assertTrue(result.err().contains(said), result.err());
    assertFalse(Files.exists(out()), "nothing is made");
  }
}
