package org.thalweg.sbi;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assumptions;
import org.thalweg.api.data.Matrix;

/** The benchmark's published files, where they are. */
public final class Sbibm {
  private Sbibm() {}

  /** Numbers of a file below the benchmark's directory, without its header. */
  public static Matrix read(String file) {
    String given = System.getProperty("thalweg.data", "");
    Path data =
        given.isBlank() || given.startsWith("${")
            ? Path.of(System.getProperty("thalweg.checkout", ".")).resolve("../shared/data")
            : Path.of(given);
    Path path = data.resolve("sbibm").resolve(file);
    Assumptions.assumeTrue(Files.exists(path), "There is no " + path + "; set THALWEG_DATA.");
    try (InputStream raw = Files.newInputStream(path);
        InputStream in = file.endsWith(".gz") ? new GZIPInputStream(raw) : raw;
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return Matrix.of(
          reader
              .lines()
              .skip(1)
              .map(
                  line -> Arrays.stream(line.split(",")).mapToDouble(Double::parseDouble).toArray())
              .toArray(double[][]::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file of a task and observation. */
  public static Matrix read(String task, int observation, String file) {
    return read(task + "/num_observation_" + observation + "/" + file);
  }

  /** The 10,000 draws of the true posterior. */
  public static Matrix reference(String task, int observation) {
    return read(task, observation, "reference_posterior_samples.csv.gz");
  }
}
