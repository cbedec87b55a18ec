package org.thalweg.harness;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model file that is not whole is refused, and nothing is written. */
class ModelFileTest {
  @TempDir static Path directory;

  private static Path data;
  private static byte[] model;

  @BeforeAll
  static void fit() throws IOException {
    data = Tables.pair(directory.resolve("data.csv"), 300);
    Path file = directory.resolve("good.thalweg");
    Launch.in(directory).run(Models.shortFit("nsf-coupling", data, file)).succeeded();
    model = Files.readAllBytes(file);
  }

  @Test
  void aTruncatedFileIsRefused() throws IOException {
    refused("truncated", Arrays.copyOf(model, model.length / 2));
  }

  @Test
  void aFlippedBitIsRefusedWhereverItIs() throws IOException {
    for (double at : new double[] {0.3, 0.6}) {
      byte[] flipped = model.clone();
      flipped[(int) (at * model.length)] ^= 8;
      refused("flipped-" + at, flipped);
    }
  }

  @Test
  void aForeignFileIsRefused() throws IOException {
    refused("foreign", "not a model".getBytes(UTF_8));
    refused("empty", new byte[0]);
    refused("jar", Files.readAllBytes(Distribution.module("thalweg-api-").orElseThrow()));
  }

  @Test
  void aMissingFileIsRefused() {
    Launch.in(directory)
        .run("evaluate", "--model", "nowhere.thalweg", "--data", data.toString())
        .refused(2, "nowhere.thalweg");
  }

  @Test
  void theWholeFileIsRead() throws IOException {
    Path file = Files.write(directory.resolve("copy.thalweg"), model);
    Outcome outcome =
        Launch.in(directory)
            .run("evaluate", "--model", file.toString(), "--data", data.toString(), "--json")
            .succeeded();
    assertEquals(300, outcome.json().get("rows").asInt(), outcome::toString);
    assertTrue(Double.isFinite(outcome.json().get("mean_log_density").asDouble(Double.NaN)));
  }

  private void refused(String name, byte[] content) throws IOException {
    Path file = Files.write(directory.resolve(name + ".thalweg"), content);
    Path scores = directory.resolve(name + ".csv");
    Launch.in(directory)
        .run(
            "score",
            "--model",
            file.toString(),
            "--data",
            data.toString(),
            "--out",
            scores.toString())
        .refused(3, file.getFileName().toString());
    assertTrue(Files.notExists(scores), "no output of a refused model");
  }
}
