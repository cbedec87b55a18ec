package org.thalweg.app.command;

import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.thalweg.api.data.Rows;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.Screening;
import org.thalweg.app.table.Appender;
import org.thalweg.app.table.Table;

/**
 * The rows of a chunk that a model may see.
 *
 * @param rows their indices, ascending
 * @param warnings what the user should know about them
 */
record Usable(int[] rows, List<String> warnings) {
  /**
   * Those that are readable and that the model takes.
   *
   * @param readable whether the row of an index has no missing value
   */
  static Usable of(Model model, Rows rows, IntPredicate readable) {
    Screening screening = model.screen(rows);
    return new Usable(
        IntStream.range(0, rows.size())
            .filter(i -> readable.test(i) && screening.usable()[i])
            .toArray(),
        screening.warnings());
  }

  /**
   * Adds a row of cells for each row of the chunk; those of a row that is not usable are empty.
   *
   * @param size the number of the chunk's rows
   * @param cells the number of cells
   * @param fill adds the cells of a usable row, given its place among the usable ones
   */
  void append(Appender appender, int size, int cells, IntConsumer fill) {
    int next = 0;
    for (int i = 0; i < size; i++) {
      appender.begin();
      if (next < rows.length && rows[next] == i) {
        fill.accept(next++);
      } else {
        appender.skip(cells);
      }
      appender.end();
    }
  }

  /** Says how many usable rows a density is not a number of. */
  static String undefined(long undefined, long rows, LogDensity.Named named) {
    return "%d of %d rows have no density '%s': the model's answer is not a number"
        .formatted(undefined, rows, named.name());
  }

  /** The refusal of a table without a row that has a log-density, which none of its rows has. */
  static ThalwegException none(Table table, long rows, long undefined, LogDensity.Named named) {
    return ThalwegException.data(
        "None of the %d rows of %s can be scored: %s.",
        rows,
        table.label(),
        undefined == 0
            ? "each holds a missing or an infinite value, or one outside its column's bounds"
            : "%d of them have no density '%s', as the model's answer is not a number, and any others hold a missing or an infinite value, or one outside its column's bounds"
                .formatted(undefined, named.name()));
  }
}
