package org.thalweg.app.table;

import java.util.List;
import org.thalweg.api.error.Names;
import org.thalweg.api.error.ThalwegException;

/**
 * An open table.
 *
 * @param workspace where it can be queried
 * @param relation its name there
 * @param texts the name of the same rows with every cell as it stands in a text file; that of the
 *     relation where there is none
 * @param label what messages call it
 * @param columns its columns in order, names distinct
 */
public record Table(
    Workspace workspace, String relation, String texts, String label, List<TableColumn> columns) {
  /** Copies the columns. */
  public Table {
    columns = List.copyOf(columns);
  }

  /** The names of the columns. */
  public List<String> names() {
    return columns.stream().map(TableColumn::name).toList();
  }

  /** A column by name; a missing one is refused with the nearest name. */
  public TableColumn column(String name) {
    return columns.stream()
        .filter(column -> column.name().equals(name))
        .findFirst()
        .orElseThrow(() -> Names.unknown("column of " + label, name, names()));
  }

  /** Whether a column has this name in small or capital letters. */
  boolean mayMean(String name) {
    return names().stream().anyMatch(name::equalsIgnoreCase);
  }

  /** Refuses columns to be added whose names the table has already, whatever their case. */
  public void requireFree(List<TableColumn> added) {
    for (TableColumn column : added) {
      if (mayMean(column.name())) {
        throw ThalwegException.usage(
            "%s already has a column '%s'. Leave it out: --sql 'SELECT * EXCLUDE (%s) FROM data'.",
            label, column.name(), column.name());
      }
    }
  }

  /** The subject of a refusal. */
  String cannotRead() {
    return "Cannot read " + label;
  }
}
