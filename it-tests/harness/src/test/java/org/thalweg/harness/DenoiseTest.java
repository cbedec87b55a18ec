package org.thalweg.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The distribution takes the noise out of a table. */
class DenoiseTest {
  @TempDir Path directory;

  @Test
  void aNoisyTableIsFittedScoredAndDenoised() throws IOException {
    Random random = new Random(5);
    StringBuilder csv = new StringBuilder("x,sd\n");
    for (int i = 0; i < 400; i++) {
      double sd = 0.2 + random.nextDouble();
      double x = random.nextGaussian() + sd * random.nextGaussian();
      csv.append(String.format(Locale.ROOT, "%.6f,%.6f%n", x, sd));
    }
    Files.writeString(directory.resolve("noisy.csv"), csv);
    Files.writeString(directory.resolve("noise.yaml"), "columns: {sd: {role: noise-sd}}\n");
    Launch.in(directory)
        .run(
            "fit",
            "--estimator",
            "xd-gmm",
            "--data",
            "noisy.csv",
            "--schema",
            "noise.yaml",
            "--set",
            "components=1",
            "--out",
            "m.thalweg",
            "--seed",
            "1")
        .succeeded();
    JsonNode scored =
        Launch.in(directory)
            .run(
                "score",
                "--model",
                "m.thalweg",
                "--data",
                "noisy.csv",
                "--density",
                "observed",
                "--out",
                "scored.csv",
                "--json")
            .succeeded()
            .json();
    assertEquals("observed", scored.get("density").asText());
    JsonNode denoised =
        Launch.in(directory)
            .run(
                "denoise",
                "--model",
                "m.thalweg",
                "--data",
                "noisy.csv",
                "--out",
                "clean.csv",
                "--samples",
                "2",
                "--json")
            .succeeded()
            .json();
    for (String name :
        new String[] {
          "model",
          "out",
          "rows",
          "rows_refused",
          "samples",
          "mean_effective_sample_size",
          "seed",
          "seconds"
        }) {
      assertTrue(denoised.hasNonNull(name), () -> "no '" + name + "' in " + denoised);
    }
    assertEquals(
        "x,sd,x_mean,x_sd,x_sample_0,x_sample_1,effective_sample_size",
        Files.readAllLines(directory.resolve("clean.csv")).get(0));
  }
}
