package org.thalweg.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With --json standard output is one object, whose names are part of the command's contract. */
class JsonTest {
  @TempDir Path directory;

  @Test
  void fitAndEvaluateKeepTheirNames() throws IOException {
    Path data = Tables.pair(directory.resolve("data.csv"), 300);
    Path model = directory.resolve("model.thalweg");
    String[] fit = Models.fit("nsf-coupling", data, model, "--set", "epochs=2", "--json");
    JsonNode fitted = Launch.in(directory).run(fit).succeeded().json();
    require(
        fitted,
        "model",
        "estimator",
        "seed",
        "parameters",
        "seconds",
        "train_log_density",
        "validation_log_density");
    assertEquals("nsf-coupling", fitted.get("estimator").asText());
    assertEquals(1, fitted.get("seed").asLong());

    JsonNode evaluated =
        Launch.in(directory)
            .run("evaluate", "--model", model.toString(), "--data", data.toString(), "--json")
            .succeeded()
            .json();
    require(
        evaluated,
        "rows",
        "rows_refused",
        "mean_log_density",
        "standard_error",
        "bits_per_dimension",
        "kind");
    assertEquals("test", evaluated.get("part").asText());
    assertEquals(false, evaluated.get("may_include_training_rows").asBoolean(true));

    JsonNode all =
        Launch.in(directory)
            .run(
                "evaluate",
                "--model",
                model.toString(),
                "--data",
                data.toString(),
                "--rows",
                "all",
                "--json")
            .succeeded()
            .json();
    assertEquals("all", all.get("part").asText());
    assertEquals(300, all.get("rows_used").asInt());
    assertEquals(true, all.get("may_include_training_rows").asBoolean(false));
    double nats = evaluated.get("mean_log_density").asDouble();
    double bits = evaluated.get("bits_per_dimension").asDouble();
    assertEquals(-nats / (2 * Math.log(2)), bits, 1e-9);
  }

  @Test
  void reportKeepsItsNames() throws IOException {
    Path data = Tables.pair(directory.resolve("data.csv"), 300);
    Path model = directory.resolve("model.thalweg");
    Launch.in(directory).run(Models.shortFit("maf", data, model)).succeeded();
    JsonNode report =
        Launch.in(directory)
            .run("report", "--model", "model.thalweg", "--data", "data.csv", "--out", "r", "--json")
            .succeeded()
            .json();
    require(report, "model", "report", "pictures", "rows", "rows_refused", "rows_used", "part");
    require(report, "may_include_training_rows", "samples", "columns", "noise", "seed");
    for (String list : List.of("columns", "noise")) {
      assertEquals(2, report.get(list).size());
      require(report.get(list).get(0), "name", "mean", "expected_mean", "standard_deviation");
      require(report.get(list).get(0), "expected_standard_deviation", "ks_statistic", "p_value");
    }
  }

  @Test
  void listsAreObjectsToo() {
    for (String kind : List.of("estimators", "transforms", "engines", "plugins")) {
      JsonNode list = Launch.in(directory).run("list", kind, "--json").succeeded().json();
      assertTrue(list.isObject() && !list.isEmpty(), () -> kind + ": " + list);
    }
  }

  private static void require(JsonNode object, String... names) {
    for (String name : names) {
      assertTrue(object.hasNonNull(name), () -> "no '" + name + "' in " + object);
    }
  }
}
