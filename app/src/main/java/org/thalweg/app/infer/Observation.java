package org.thalweg.app.infer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Schema;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.app.table.RowReader;
import org.thalweg.app.table.Table;
import org.thalweg.app.table.TableQuery;
import org.thalweg.app.table.TableReader;
import org.thalweg.app.table.Workspace;

/**
 * What was observed: a table with the names of the numbers and one row, or several independent
 * ones.
 */
final class Observation {
  private static final int CHUNK = 4096;

  private Observation() {}

  /**
   * Reads it. Columns that have the simulator's names may stand in any order; others are taken in
   * the order of the table.
   *
   * @param names the names of the numbers that the simulator gives
   * @return {@code [n, X]}
   * @throws ThalwegException exit code 2 where there are more or fewer columns, or a number is
   *     missing or not finite
   */
  static Matrix read(Workspace workspace, Path file, String simulator, List<String> names) {
    Table table = new TableReader(workspace).open(TableQuery.of(file));
    if (table.columns().size() != names.size()) {
      throw ThalwegException.usage(
          "The observation '%s' has %d columns (%s), and simulator '%s' gives %d numbers (%s).",
          file,
          table.columns().size(),
          shown(table.names()),
          simulator,
          names.size(),
          shown(names));
    }
    boolean named = new HashSet<>(table.names()).equals(new HashSet<>(names));
    List<String> order = named ? names : table.names();
    List<double[]> rows = new ArrayList<>();
    new RowReader(table, new Schema(order.stream().map(Column::feature).toList()))
        .read(CHUNK, chunk -> rows.addAll(Arrays.asList(chunk)));
    for (int i = 0; i < rows.size(); i++) {
      for (int j = 0; j < order.size(); j++) {
        if (!Double.isFinite(rows.get(i)[j])) {
          throw ThalwegException.usage(
              "The observation '%s' has no finite number in row %d, column '%s'. A posterior needs "
                  + "all of them.",
              file, i + 1, order.get(j));
        }
      }
    }
    return Matrix.of(rows.toArray(double[][]::new));
  }

  /** Long lists are told by their ends. */
  private static String shown(List<String> names) {
    return names.size() <= 8
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, 3)) + ", ..., " + names.get(names.size() - 1);
  }
}
