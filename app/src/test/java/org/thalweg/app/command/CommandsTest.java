package org.thalweg.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.thalweg.app.Cli;

class CommandsTest {
  @TempDir Path dir;

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> items(Cli.Result result) {
    return (List<Map<String, Object>>) result.json().get("items");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "estimators",
        "transforms",
        "univariates",
        "densities",
        "methods",
        "simulators",
        "targets",
        "engines",
        "plugins"
      })
  void everyKindIsListed(String kind) {
    Cli.Result json = Cli.run("list", kind, "--json");
    assertEquals(0, json.code(), json.err());
    assertEquals(kind, json.json().get("kind"));
    Cli.Result text = Cli.run("list", kind);
    assertEquals(0, text.code());
    assertFalse(text.out().isBlank());
  }

  @Test
  void benchEnginesMeasuresEachAndSaysWhyNot() throws IOException {
    Path data = Cli.correlated(dir.resolve("data.csv"), 300);
    Cli.Result text =
        Cli.run(
            "bench-engines",
            "--estimator",
            "maf",
            "--data",
            data,
            Cli.SMALL,
            "--set",
            "epochs=1000");
    assertEquals(0, text.code(), text.err());
    assertTrue(text.out().contains("ms a step") && text.out().contains("fastest"), text.out());
    try (Stream<Path> files = Files.list(dir)) {
      assertEquals(List.of(data), files.toList(), "nothing is written");
    }
  }

  @Test
  void whatBenchEnginesCannotMeasureIsRefused() {
    Path data = Cli.correlated(dir.resolve("data.csv"), 300);
    refused("Did you mean 'maf'?", "bench-engines", "--estimator", "mfa", "--data", data);
    refused("There is no file", "bench-engines", "--estimator", "maf", "--data", data + ".none");
    refused(
        "Did you mean 'batch-size'?",
        "bench-engines",
        "--estimator",
        "maf",
        "--data",
        data,
        "--set",
        "bach-size=1");
    refused(
        "There is no file",
        "bench-engines",
        "--estimator",
        "maf",
        "--data",
        data,
        "--config",
        data + ".none");
    // Its two epochs have two steps.
    refused(
        "is over before its steps can be timed",
        "bench-engines",
        "--estimator",
        "maf",
        "--data",
        data,
        Cli.SMALL);
    refused("The errors must be given", "bench-engines", "--estimator", "xd-gmm", "--data", data);
    refused(
        "cpu not measured: --precision tf32 is of products on a GPU",
        "bench-engines",
        "--estimator",
        "maf",
        "--data",
        data,
        "--precision",
        "tf32");
  }

  /** EM takes steps of its own. */
  @Test
  void benchEnginesMeasuresWhatHasNoGradient() {
    Map<String, Object> json =
        Cli.run(
                "bench-engines",
                "--estimator",
                "gmm-vb",
                "--data",
                Cli.correlated(dir.resolve("data.csv"), 2000),
                "--json")
            .json();
    assertEquals("gmm-vb", json.get("estimator"));
    assertTrue(json.get("engines").toString().contains("engine=cpu, steps_per_second="), "" + json);
  }

  @Test
  void estimatorsAreListedWithWhatTheyCanDo() {
    List<Map<String, Object>> items = items(Cli.run("list", "estimators", "--json"));
    List<Object> names = items.stream().map(item -> item.get("name")).toList();
    assertTrue(names.containsAll(List.of("maf", "nsf-ar", "nsf-coupling", "realnvp")), "" + names);
    Map<String, Object> maf =
        items.stream().filter(item -> item.get("name").equals("maf")).findFirst().orElseThrow();
    Map<String, Object> made =
        items.stream().filter(item -> item.get("name").equals("made")).findFirst().orElseThrow();
    assertEquals(List.of("log-density", "sampler", "to-noise"), maf.get("capabilities"));
    assertEquals(List.of("log-density", "sampler"), made.get("capabilities"));
    assertEquals(true, maf.get("conditional"));
  }

  @Test
  void describeShowsOptionsAndThePaper() {
    Cli.Result result = Cli.run("describe", "nsf-ar", "--json");
    assertEquals("estimator", result.json().get("kind"));
    String options = result.json().get("options").toString();
    assertTrue(options.contains("learning-rate"), options);
    assertTrue(result.json().get("paper").toString().contains("Durkan"));
    assertEquals(List.of("density/nsf-ar"), result.json().get("others"));
    assertEquals(0, Cli.run("describe", "univariate/affine").code());
    assertEquals("density", Cli.run("describe", "densities/maf", "--json").json().get("kind"));
    assertEquals("engine", Cli.run("describe", "cpu", "--json").json().get("kind"));
  }

  @Test
  void unknownNamesAreRefusedWithTheNearest() {
    refused("Did you mean 'nsf-ar'?", "describe", "nsf-arr");
    refused("Did you mean 'estimators'?", "list", "estimator-s");
    refused("Did you mean 'affine'?", "describe", "univariate/afine");
    Path data = Cli.correlated(dir.resolve("t.csv"), 20);
    Path out = dir.resolve("m.thalweg");
    refused("Did you mean 'maf'?", "fit", "--estimator", "mav", "--data", data, "--out", out);
    refused(
        "Did you mean 'epochs'?",
        "fit",
        "--estimator",
        "maf",
        "--data",
        data,
        "--out",
        out,
        "--set",
        "epoch=3");
    refused(
        "takes a whole number",
        "fit",
        "--estimator",
        "maf",
        "--data",
        data,
        "--out",
        out,
        "--set",
        "epochs=many");
    refused(
        "KEY=VALUE", "fit", "--estimator", "maf", "--data", data, "--out", out, "--set", "epochs");
    refused(
        "Did you mean 'cpu'?",
        "fit",
        "--estimator",
        "maf",
        "--data",
        data,
        "--out",
        out,
        "--engine",
        "cpx");
  }

  @Test
  void misusedOptionsAreExitTwo() {
    refused("Missing required option", "score");
    refused("Unknown option", "list", "engines", "--jsno");
    refused("--threads must be from 1 to 512", "list", "engines", "--threads", "0");
    refused("float16", "list", "engines", "--precision", "float16");
    refused("-n must be at least 1", "sample", "--model", "m", "-n", "0", "--out", "x.csv");
    assertEquals(2, Cli.run().code());
    assertEquals(2, Cli.run("frobnicate").code());
  }

  @Test
  void globalOptionsStandBeforeOrAfterTheCommand() {
    assertEquals("engines", Cli.run("--json", "list", "engines").json().get("kind"));
    assertEquals("engines", Cli.run("list", "--json", "engines").json().get("kind"));
  }

  @Test
  void helpAndVersionGoToStandardOutput() {
    assertTrue(Cli.run("--help").out().contains("evaluate"));
    assertTrue(Cli.run("fit", "--help").out().contains("--estimator"));
    assertTrue(Cli.run("--version").out().startsWith("thalweg "));
    assertEquals(0, Cli.run("fit", "--help").code());
  }

  @Test
  void doctorNamesVersionsAndEngines() {
    Map<String, Object> json = Cli.run("doctor", "--json").json();
    assertTrue(json.get("versions").toString().contains("java="), json.toString());
    assertTrue(json.get("engines").toString().contains("libtorch="), json.toString());
    assertTrue(json.get("tables").toString().contains("duckdb=v"), json.toString());
    assertEquals(List.of(), json.get("problems"));
  }

  @ParameterizedTest
  @CsvSource({
    "--precision, tf32, the engine 'cpu' computes them in full",
    "--precision, bfloat16, the engine 'cpu' computes them in full",
    "--precision, float16, float16",
    "--devices, 1, the engine 'cpu' has none",
    "--devices, '0,1', the engine 'cpu' has none",
    "--devices, '0,0', names a GPU twice",
    "--devices, -1, counts from 0",
    "--devices, some, some"
  })
  void whatMeansNothingToTheEngineIsRefused(String option, String value, String said) {
    Path data = Cli.correlated(dir.resolve("t.csv"), 100);
    Path out = dir.resolve("m.thalweg");
    Cli.Result result =
        Cli.run(
            "fit",
            "--estimator",
            "maf",
            "--data",
            data,
            "--out",
            out,
            "--engine",
            "cpu",
            option,
            value);
    assertEquals(2, result.code(), result.err());
    assertTrue(result.err().contains(said), result.err());
  }

  @Test
  void anEngineThatIsNotAvailableIsExitFour() {
    List<Map<String, Object>> gpus =
        items(Cli.run("list", "engines", "--json")).stream()
            .filter(item -> item.get("name").equals("gpu"))
            .collect(Collectors.toList());
    org.junit.jupiter.api.Assumptions.assumeTrue(
        Boolean.FALSE.equals(gpus.get(0).get("available")), "there is a GPU here");
    Path data = Cli.correlated(dir.resolve("t.csv"), 100);
    Cli.Result result =
        Cli.run(
            "fit",
            "--estimator",
            "maf",
            "--data",
            data,
            "--out",
            dir.resolve("m.thalweg"),
            "--engine",
            "gpu");
    assertEquals(4, result.code(), result.err());
    assertTrue(result.err().contains(gpus.get(0).get("reason").toString()), result.err());
    assertTrue(result.err().contains("--engine cpu"), result.err());
  }

  @Test
  void pluginDirectoriesWithProblemsAreReportedOrFatal() {
    Path missing = dir.resolve("nothing");
    Cli.Result lenient = Cli.run("list", "plugins", "--json", "--plugin-path", missing);
    assertEquals(0, lenient.code());
    assertTrue(lenient.json().get("problems").toString().contains("nothing"));
    assertTrue(lenient.err().contains("plugin skipped"), lenient.err());
    refused(
        "no such plugin directory",
        "list",
        "plugins",
        "--strict-plugins",
        "--plugin-path",
        missing);
  }

  private static void refused(String message, Object... arguments) {
    Cli.Result result = Cli.run(arguments);
    assertTrue(result.err().contains(message), result.err());
    assertEquals(2, result.code(), result.err());
    assertEquals("", result.out());
  }
}
