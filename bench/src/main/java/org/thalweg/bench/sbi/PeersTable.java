package org.thalweg.bench.sbi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Time and C2ST beside the Python package sbi, in pairs that were run in turn.
 *
 * @param rows of peers/sbi_compare.py, split
 */
record PeersTable(List<String[]> rows) {
  private static final List<String> TASKS = List.of("two_moons", "slcp");
  private static final int SECONDS = 7;
  private static final int PROCESSOR = 9;
  private static final int C2ST = 11;

  static PeersTable of(Path results) throws IOException {
    Path csv = results.resolve("sbi-peers.csv");
    return new PeersTable(
        Files.exists(csv)
            ? Files.readAllLines(csv).stream().skip(1).map(line -> line.split(",")).toList()
            : List.of());
  }

  List<String> lines() {
    List<String> out =
        new ArrayList<>(
            List.of(
                "## Beside sbi",
                "",
                "npe from the first simulation to the last of 10,000 draws, 10,000 simulations, one"
                    + " thread, ours and that of sbi from PyPI in turn, each with its defaults and a"
                    + " neural spline flow of five transforms with 50 hidden units. Ratios are the"
                    + " peer's over ours: the median of pairs, and their range. Made by `python3"
                    + " bench/peers/sbi_compare.py --python PYTHON --estimators nsf --pairs 2`, versions"
                    + " in bench/peers/requirements-sbi.txt, rows in bench/results/sbi-peers.csv.",
                "",
                "| task | pairs | processor seconds | sbi's | ratio | ratio by the clock | C2ST | sbi's |",
                "| --- | ---: | ---: | ---: | --- | --- | ---: | ---: |"));
    TASKS.forEach(task -> out.add(line(task)));
    out.add("");
    return out;
  }

  private String line(String task) {
    List<String[]> own =
        rows.stream().filter(r -> r[0].equals(task) && r[2].equals("nsf")).toList();
    if (own.isEmpty()) {
      return "| %s | owed | | | | | | |".formatted(task);
    }
    return String.format(
        Locale.ROOT,
        "| %s | %d | %.0f | %.0f | %s | %s | %.3f | %.3f |",
        task,
        own.size(),
        median(own, r -> number(r, PROCESSOR)),
        median(own, r -> number(r, PROCESSOR + 1)),
        ratio(own, PROCESSOR),
        ratio(own, SECONDS),
        median(own, r -> number(r, C2ST)),
        median(own, r -> number(r, C2ST + 1)));
  }

  private static double number(String[] row, int column) {
    return Double.parseDouble(row[column]);
  }

  private static double[] sorted(List<String[]> rows, ToDoubleFunction<String[]> of) {
    return rows.stream().mapToDouble(of).sorted().toArray();
  }

  private static double median(List<String[]> rows, ToDoubleFunction<String[]> of) {
    double[] values = sorted(rows, of);
    int n = values.length;
    return (values[(n - 1) / 2] + values[n / 2]) / 2;
  }

  private static String ratio(List<String[]> rows, int column) {
    ToDoubleFunction<String[]> of = r -> number(r, column + 1) / number(r, column);
    double[] values = sorted(rows, of);
    String median = String.format(Locale.ROOT, "%.1f", median(rows, of));
    return values.length == 1
        ? median
        : String.format(
            Locale.ROOT,
            "%s (%.1f to %.1f)",
            median,
            Arrays.stream(values).min().orElseThrow(),
            Arrays.stream(values).max().orElseThrow());
  }
}
