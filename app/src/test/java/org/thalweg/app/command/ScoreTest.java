package org.thalweg.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thalweg.app.Cli;
import org.thalweg.app.console.Interruption;
import org.thalweg.app.fake.FakeClusters;

/** What becomes of rows that a model can say nothing of, and of columns that it does not need. */
class ScoreTest {
  @TempDir Path dir;

  private static Cli.Result fake(Object... words) {
    return Cli.run(new Interruption(), new FakeClusters(), words);
  }

  private static Cli.Result done(Cli.Result result) {
    assertEquals(0, result.code(), result.err());
    return result;
  }

  private Path model() {
    Path data = Cli.write(dir.resolve("train.csv"), "x\n1\n2\n3\n4\n5\n6\n7\n8\n");
    Path model = dir.resolve("fake.thalweg");
    done(fake("fit", "--estimator", "fake-clusters", "--data", data, "--out", model));
    return model;
  }

  @Test
  void aDensityThatIsNotANumberIsNoMissingValueAndHasNoCluster() throws IOException {
    Path model = model();
    Path data = Cli.write(dir.resolve("t.csv"), "n,x\n0,2\n1,-1\n2,\n3,20\n4,-3\n");
    Path out = dir.resolve("s.csv");
    Object[] words = {"score", "--model", model, "--data", data, "--out", out, "--json"};
    Cli.Result result = done(fake(words));
    assertEquals(
        List.of(
            "n,x,log_density,cluster,probability_0,probability_1",
            "0,2,-2.0,0,1.0,0.0",
            "1,-1,,,,",
            "2,,,,,",
            "3,20,-20.0,,,",
            "4,-3,,,,"),
        Files.readAllLines(out));
    Map<String, Object> json = result.json();
    assertEquals(3, json.get("rows_refused"));
    assertEquals(2, json.get("rows_undefined"));
    assertEquals(-11.0, json.get("mean_log_density"));
    assertTrue(
        result.err().contains("1 of 5 rows hold a missing or an infinite value"), result.err());
    assertTrue(result.err().contains("2 of 5 rows have no density 'gaps'"), result.err());
  }

  @Test
  void evaluateSaysTheSame() {
    Path model = model();
    Path data = Cli.write(dir.resolve("t.csv"), "x\n2\n-1\n\"\"\n20\n-3\n");
    Cli.Result result = done(fake("evaluate", "--model", model, "--data", data, "--json"));
    assertEquals(3, result.json().get("rows_refused"));
    assertEquals(2, result.json().get("rows_undefined"));
    assertTrue(result.err().contains("2 of 5 rows have no density 'gaps'"), result.err());
  }

  @Test
  void aTableOfWhichNoRowHasADensityIsRefusedForThatReason() {
    Path model = model();
    Path data = Cli.write(dir.resolve("t.csv"), "x\n-2\n-1\n");
    Path out = dir.resolve("s.csv");
    Cli.Result scored = fake("score", "--model", model, "--data", data, "--out", out);
    assertEquals(3, scored.code());
    assertTrue(scored.err().contains("2 of them have no density 'gaps'"), scored.err());
    Cli.Result evaluated = fake("evaluate", "--model", model, "--data", data);
    assertEquals(3, evaluated.code());
    assertTrue(evaluated.err().contains("2 of them have no density 'gaps'"), evaluated.err());
  }

  @Test
  void weightsMatterInTrainingOnly() {
    StringBuilder text = new StringBuilder("a,w\n");
    for (int i = 0; i < 40; i++) {
      text.append(i % 7).append(".5,1\n");
    }
    Path data = Cli.write(dir.resolve("t.csv"), text.toString());
    Path schema = Cli.write(dir.resolve("s.yaml"), "columns: {w: {role: weight}}");
    Path model = dir.resolve("m.thalweg");
    Object[] fit = {
      "fit", "--estimator", "maf", "--data", data, "--schema", schema, "--out", model, Cli.SMALL
    };
    done(Cli.run(fit));
    Path other = Cli.write(dir.resolve("o.csv"), "a,w\n1.5,heavy\n2.5,light\n");
    Map<String, Object> json =
        done(Cli.run("evaluate", "--model", model, "--data", other, "--json")).json();
    assertEquals(2, json.get("rows_used"));
  }
}
