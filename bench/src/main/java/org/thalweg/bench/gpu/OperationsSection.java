package org.thalweg.bench.gpu;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The part of the page about how many operations a step is made of, ours and the peers'. */
final class OperationsSection {
  private static final String FILE = "operations.csv";

  private final List<List<String>> rows;

  private OperationsSection(List<List<String>> rows) {
    this.rows = rows;
  }

  /** Reads what {@code peers/operations.py} wrote in the directory of another file. */
  static OperationsSection beside(Path other) {
    Path file = other.resolveSibling(FILE);
    try {
      List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
      return new OperationsSection(
          lines.stream().skip(1).map(line -> Arrays.asList(line.split(",", -1))).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String text() {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "",
                "## Operations beside the eager libraries",
                "",
                "Of a training step of the same architecture and numbers of parameters, by the same"
                    + " rule as above; 6 columns, five layers, nets of two residual blocks of 64, Adam."
                    + " Where batches are small an eager library's step takes as long as its host needs"
                    + " to ask for them. By `peers/operations.py`.",
                "",
                "| peer | conditioner | univariate | parameters, both | ours | the peer's | ratio |",
                "| --- | --- | --- | ---: | ---: | ---: | ---: |"));
    for (List<String> row : rows) {
      double ratio = Double.parseDouble(row.get(6)) / Double.parseDouble(row.get(5));
      String parameters =
          row.get(7).equals(row.get(8)) ? row.get(7) : row.get(7) + ", " + row.get(8);
      lines.add(
          String.format(
              Locale.ROOT,
              "| %s | %s | %s | %s | %s | %s | %.2f |",
              row.get(1),
              row.get(2),
              row.get(3),
              parameters,
              row.get(5),
              row.get(6),
              ratio));
    }
    return String.join("\n", lines) + "\n";
  }
}
