package org.thalweg.bench.sbi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.inference.Posterior;
import org.thalweg.api.random.Seed;
import org.thalweg.bench.CpuClock;
import org.thalweg.bench.Installed;
import org.thalweg.sbi.metric.C2st;

/**
 * Our side of the comparisons in bench/peers, which print one JSON object:
 *
 * <p>{@code PeerSide infer TASK METHOD SIMULATIONS OBSERVATION SEED THREADS DRAWS.csv
 * [key=value...]}: an inference and 10,000 draws, which are written; with options beside those of
 * the benchmark.
 *
 * <p>{@code PeerSide c2st REFERENCE.csv DRAWS.csv SEED THREADS}: the two-sample test of two files
 * of numbers without a header.
 */
public final class PeerSide {
  private PeerSide() {}

  /** Does one or the other. */
  public static void main(String[] arguments) throws IOException {
    double clock = System.nanoTime() * 1e-9;
    double processor = CpuClock.seconds();
    String result =
        switch (arguments[0]) {
          case "infer" -> infer(arguments);
          case "c2st" -> test(arguments);
          default -> throw ThalwegException.usage("Neither infer nor c2st: '%s'.", arguments[0]);
        };
    System.out.printf(
        Locale.ROOT,
        "{\"seconds\": %.3f, \"processor_seconds\": %.3f%s}%n",
        System.nanoTime() * 1e-9 - clock,
        CpuClock.seconds() - processor,
        result);
  }

  private static String infer(String[] a) throws IOException {
    Cell cell = new Cell(a[1], a[2], Integer.parseInt(a[3]), Integer.parseInt(a[4]));
    Seed seed = new Seed(Long.parseLong(a[5]));
    Map<String, Object> set = Posteriors.words(Arrays.copyOfRange(a, 8, a.length));
    try (Engine engine = Engines.open("cpu", EngineOptions.threads(Integer.parseInt(a[6])))) {
      Posteriors posteriors = new Posteriors(Installed.registry(), engine);
      Matrix observation = new SbibmFiles().observation(cell);
      try (Posterior posterior = posteriors.infer(cell, observation, seed, set)) {
        write(Path.of(a[7]), posterior.sample(10_000, seed.child("draws")));
      }
    }
    return "";
  }

  private static String test(String[] a) throws IOException {
    C2st test =
        C2st.of(
            read(Path.of(a[1])),
            read(Path.of(a[2])),
            new Seed(Long.parseLong(a[3])),
            Integer.parseInt(a[4]));
    return String.format(Locale.ROOT, ", \"c2st\": %.5f", test.accuracy());
  }

  private static void write(Path path, Matrix rows) throws IOException {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < rows.rows(); i++) {
      StringJoiner line = new StringJoiner(",", "", "\n");
      for (double value : rows.row(i)) {
        line.add(Double.toString(value));
      }
      out.append(line);
    }
    Files.writeString(path, out);
  }

  private static Matrix read(Path path) throws IOException {
    return Matrix.of(
        Files.readAllLines(path).stream()
            .map(line -> Arrays.stream(line.split(",")).mapToDouble(Double::parseDouble).toArray())
            .toArray(double[][]::new));
  }
}
