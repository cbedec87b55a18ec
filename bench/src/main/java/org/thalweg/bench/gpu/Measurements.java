package org.thalweg.bench.gpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What was measured, one line of CSV each; a later line replaces an earlier one of the same name.
 */
final class Measurements {
  private static final String HEAD = "card,table,work,engine,quantity,value,spread,count,when";

  /**
   * A measurement.
   *
   * @param card what it ran on, {@code simulated} without a GPU
   * @param spread half the distance of the quartiles; NaN where there is none
   */
  record Row(
      String card,
      String table,
      String work,
      String engine,
      String quantity,
      String value,
      double spread,
      int count) {}

  private final Path file;
  private final List<Row> rows = new CopyOnWriteArrayList<>();

  Measurements(Path file) throws IOException {
    this.file = file;
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        String[] c = line.split(",");
        if (!line.equals(HEAD) && c.length >= 8) {
          rows.add(
              new Row(
                  c[0],
                  c[1],
                  c[2],
                  c[3],
                  c[4],
                  c[5],
                  Double.parseDouble(c[6]),
                  Integer.parseInt(c[7])));
        }
      }
    } else {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, HEAD + "\n");
    }
  }

  /** Where they are kept. */
  Path file() {
    return file;
  }

  void add(Row row) {
    rows.add(row);
    String line =
        String.join(
            ",",
            row.card,
            row.table,
            row.work,
            row.engine,
            row.quantity,
            row.value.replace(',', ';'),
            String.format(Locale.ROOT, "%.4g", row.spread),
            String.valueOf(row.count),
            java.time.Instant.now().toString());
    try {
      Files.writeString(file, line + "\n", StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    System.out.println(line);
  }

  /** The last one of a name, of any GPU or of those that were simulated. */
  Optional<Row> find(boolean simulated, String table, String work, String engine, String quantity) {
    return find(
        card -> card.equals(GpuBench.SIMULATED) == simulated, table, work, engine, quantity);
  }

  /** The last one of a name on a card. */
  Optional<Row> find(String card, String table, String work, String engine, String quantity) {
    return find(card::equals, table, work, engine, quantity);
  }

  private Optional<Row> find(
      Predicate<String> cards, String table, String work, String engine, String quantity) {
    return rows.stream()
        .filter(
            row ->
                cards.test(row.card)
                    && row.table.equals(table)
                    && row.work.equals(work)
                    && row.engine.equals(engine)
                    && row.quantity.equals(quantity))
        .reduce((a, b) -> b);
  }

  /** What was measured on a card. */
  Set<Sitting.Key> keys(String card) {
    return rows.stream()
        .filter(row -> row.card.equals(card))
        .map(row -> new Sitting.Key(row.table, row.work, row.engine, row.quantity))
        .collect(Collectors.toSet());
  }

  /** The cards of measurements on a GPU. */
  List<String> cards() {
    return rows.stream()
        .map(Row::card)
        .filter(card -> !card.equals(GpuBench.SIMULATED))
        .distinct()
        .toList();
  }
}
