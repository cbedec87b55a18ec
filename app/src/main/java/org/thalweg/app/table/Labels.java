package org.thalweg.app.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Kind;
import org.thalweg.api.data.Role;
import org.thalweg.api.data.Schema;
import org.thalweg.api.error.ThalwegException;

/** Columns of labels, numbers or texts: a label is a class, and a missing value an unknown one. */
public final class Labels {
  /** More values are no classes but names or numbers. */
  private static final int MOST_CLASSES = 1000;

  private Labels() {}

  /**
   * The distinct values of a column, in ascending order.
   *
   * @throws ThalwegException exit code 2 where there are too many
   */
  static Kind.Classes classes(Table table, String name) {
    TableColumn column = table.column(name);
    String order = column.numeric() ? Sql.name(name) : "v";
    String sql =
        "SELECT DISTINCT ON (v) %s AS v, %s AS o FROM %s WHERE v IS NOT NULL ORDER BY o LIMIT %d"
            .formatted(value(column), order, table.relation(), MOST_CLASSES + 1);
    List<String> values =
        table
            .workspace()
            .query(
                table.cannotRead(),
                sql,
                result -> {
                  List<String> out = new ArrayList<>();
                  while (result.next()) {
                    out.add(result.getString(1));
                  }
                  return out;
                });
    if (values.size() > MOST_CLASSES) {
      throw ThalwegException.usage(
          "Column '%s' of %s has more than %d distinct values: that is no label. Give it another "
              + "role.",
          name, table.label(), MOST_CLASSES);
    }
    return new Kind.Classes(values);
  }

  /**
   * Refuses labels that are none of the declared classes, naming the first.
   *
   * @throws ThalwegException exit code 2
   */
  static void require(Table table, Schema schema) {
    for (Column column : schema.with(Role.LABEL)) {
      Optional<Offence> offence = unseen(table, column);
      if (offence.isPresent()) {
        throw ThalwegException.usage(
            "Row %d of %s has the label %s, which is none of %s. Correct it, leave it blank, or "
                + "declare it among the values in the --schema file.",
            offence.get().row(),
            table.label(),
            column.name() + " = '" + offence.get().value() + "'",
            ((Kind.Classes) column.kind()).values());
      }
    }
  }

  /**
   * What a user should know of labels in a table that is scored: whether there are some that the
   * model has not seen. No density and no cluster depends on them. A table may be without labels.
   */
  public static Optional<String> warning(Table table, Schema schema) {
    return schema.with(Role.LABEL).stream()
        .filter(column -> table.names().contains(column.name()))
        .flatMap(column -> unseen(table, column).map(o -> warning(column, o)).stream())
        .findFirst();
  }

  private static String warning(Column column, Offence offence) {
    return "the table has a label that the model has not seen, first in row %d: %s = '%s' is none of %s. Log-densities and clusters do not depend on labels; cluster_label never says it."
        .formatted(
            offence.row(), column.name(), offence.value(), ((Kind.Classes) column.kind()).values());
  }

  private static Optional<Offence> unseen(Table table, Column column) {
    return column.kind() instanceof Kind.Classes classes
        ? Offence.find(
            table,
            value(table.column(column.name())),
            "v IS NOT NULL AND list_position(" + list(classes) + ", v) IS NULL")
        : Optional.empty();
  }

  /** The number of the class, -1 where it is unknown. */
  static String expression(Table table, Column column) {
    if (column.kind() instanceof Kind.Classes classes) {
      return "CAST(COALESCE(list_position(%s, %s), 0) - 1 AS DOUBLE)"
          .formatted(list(classes), value(table.column(column.name())));
    }
    throw new IllegalStateException("Column '" + column.name() + "' has no classes.");
  }

  private static String list(Kind.Classes classes) {
    return classes.values().stream()
        .map(Sql::text)
        .collect(Collectors.joining(", ", "CAST([", "] AS VARCHAR[])"));
  }

  /** The label as it is written, NULL where it is missing. */
  private static String value(TableColumn column) {
    String text = "trim(CAST(" + Sql.name(column.name()) + " AS VARCHAR))";
    return "CASE WHEN lower("
        + text
        + ") IN ("
        + Numbers.MISSING
        + ") THEN NULL ELSE "
        + text
        + " END";
  }
}
