package org.thalweg.bench.sbi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What other options of a method gave, beside the benchmark's, paired by seed and observation.
 *
 * @param rows of {@link MethodSettings}, split
 */
record SettingsTable(List<String[]> rows) {
  private static final int SET = 10;

  static SettingsTable of(Path results) throws IOException {
    Path csv = results.resolve("sbi-settings.csv");
    return new SettingsTable(
        Files.exists(csv)
            ? Files.readAllLines(csv).stream().skip(1).map(line -> line.split(",")).toList()
            : List.of());
  }

  List<String> lines() {
    if (rows.isEmpty()) {
      return List.of();
    }
    List<String> out =
        new ArrayList<>(
            List.of(
                "## Methods with other options",
                "",
                "Made by `org.thalweg.bench.sbi.MethodSettings`, rows in bench/results/sbi-settings.csv."
                    + " A training of npe serves all observations; differences are from the benchmark's"
                    + " options, paired by seed and observation, with their standard error over those pairs:"
                    + " pairs of one training are not independent, and say little of other seeds.",
                "",
                "| method | task | simulations | set | seeds x observations | validation score | C2ST |"
                    + " difference ± s.e. | processor minutes |",
                "| --- | --- | ---: | --- | ---: | ---: | ---: | ---: | ---: |"));
    rows.stream()
        .map(row -> List.of(row[0], row[1], row[2], row[SET]))
        .distinct()
        .forEach(key -> out.add(line(key)));
    out.add("");
    return out;
  }

  private String line(List<String> key) {
    List<String[]> own =
        rows.stream().filter(r -> List.of(r[0], r[1], r[2], r[SET]).equals(key)).toList();
    double[] differences =
        own.stream()
            .flatMap(r -> usual(r).map(u -> c2st(r) - c2st(u)).stream())
            .mapToDouble(x -> x)
            .toArray();
    boolean compared = differences.length > 1 && !key.get(3).equals("defaults");
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %s | %d | %.3f | %.3f | %s | %.2f |",
        key.get(0),
        key.get(1),
        key.get(2),
        key.get(3),
        own.size(),
        own.stream().mapToDouble(r -> Double.parseDouble(r[7])).average().orElseThrow(),
        own.stream().mapToDouble(SettingsTable::c2st).average().orElseThrow(),
        compared ? difference(differences) : "",
        own.stream().mapToDouble(r -> Double.parseDouble(r[8])).average().orElseThrow());
  }

  private static String difference(double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    double square = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    double error = Math.sqrt(square / (values.length - 1) / values.length);
    return String.format(Locale.ROOT, "%+.3f ± %.3f", mean, error);
  }

  private static double c2st(String[] row) {
    return Double.parseDouble(row[5]);
  }

  /** The row of the same method, task, budget, seed and observation with nothing set. */
  private Optional<String[]> usual(String[] of) {
    return rows.stream()
        .filter(r -> r[SET].equals("defaults"))
        .filter(r -> Arrays.equals(r, 0, 5, of, 0, 5))
        .findFirst();
  }
}
