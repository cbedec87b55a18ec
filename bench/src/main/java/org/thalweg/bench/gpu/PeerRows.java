package org.thalweg.bench.gpu;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What {@code peers/compare.py --engine gpu} measured, in {@code peers-gpu.csv}. */
final class PeerRows {
  private static final String FILE = "peers-gpu.csv";

  /** A comma that no quoted value holds. */
  private static final String COMMA = ",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)";

  private final List<Map<String, String>> rows;

  private PeerRows(List<Map<String, String>> rows) {
    this.rows = rows;
  }

  /** Reads the file in the directory of another; without it there are no rows. */
  static PeerRows beside(Path other) {
    Path file = other.resolveSibling(FILE);
    List<Map<String, String>> rows = new ArrayList<>();
    try {
      List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
      for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
        String[] names = lines.get(0).split(",");
        String[] values = line.split(COMMA, -1);
        Map<String, String> row = new HashMap<>();
        for (int i = 0; i < names.length && i < values.length; i++) {
          row.put(names[i], values[i].replaceAll("^\"|\"$", ""));
        }
        rows.add(row);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new PeerRows(rows);
  }

  /** The GPU that was measured last. */
  Optional<String> card() {
    return rows.stream()
        .filter(row -> !isSimulated(row) && isDone(row))
        .max((a, b) -> a.get("when").compareTo(b.get("when")))
        .map(row -> row.get("card"));
  }

  /** What was done on the processor, to try the way. */
  List<Map<String, String>> simulated() {
    return rows.stream().filter(row -> isSimulated(row) && isDone(row)).toList();
  }

  /** A row of a card, done or failed. */
  Optional<Map<String, String>> find(String card, PeersSection.Cell cell, String kind) {
    return rows.stream()
        .filter(
            row ->
                row.get("card").equals(card)
                    && row.get("conditioner").equals(cell.flow().conditioner())
                    && row.get("univariate").equals(cell.flow().univariate())
                    && row.get("columns").equals(String.valueOf(GpuBench.COLUMNS))
                    && row.get("batch").equals(String.valueOf(cell.batch()))
                    && row.get("peer").equals(cell.peer())
                    && row.get("kind").equals(kind)
                    && !row.get("status").equals("owed"))
        .reduce((a, b) -> b);
  }

  static boolean isDone(Map<String, String> row) {
    return row.get("status").equals("done");
  }

  private static boolean isSimulated(Map<String, String> row) {
    return row.get("card").equals(GpuBench.SIMULATED);
  }
}
