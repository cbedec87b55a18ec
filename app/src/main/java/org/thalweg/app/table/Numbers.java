package org.thalweg.app.table;

import java.util.Optional;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Role;
import org.thalweg.api.data.Schema;
import org.thalweg.api.error.ThalwegException;

/** Columns as numbers. A text column is one of numbers if every text is one, or says "missing". */
final class Numbers {
  /** What is taken for a missing value, in any case of letters. */
  static final String MISSING = "'', 'na', 'n/a', 'nan', 'null', 'none', '?', '-'";

  private Numbers() {}

  /**
   * Refuses columns that are not numeric, naming the first row and value.
   *
   * @throws ThalwegException exit code 2
   */
  static void require(Table table, Schema schema) {
    for (Column wanted : schema.columns()) {
      if (wanted.role() == Role.LABEL) {
        continue;
      }
      TableColumn column = table.column(wanted.name());
      if (!column.numeric()) {
        requireNumbers(table, column);
      }
    }
  }

  /** The value as a double-precision number, NaN where it is missing. */
  static String expression(TableColumn column) {
    String name = Sql.name(column.name());
    String number =
        column.text() ? "TRY_CAST(trim(" + name + ") AS DOUBLE)" : "CAST(" + name + " AS DOUBLE)";
    return "COALESCE(" + number + ", 'nan'::DOUBLE)";
  }

  private static void requireNumbers(Table table, TableColumn column) {
    if (!column.text()) {
      throw ThalwegException.usage(
          "Column '%s' of %s is of type %s and not numeric. Leave it out with --columns, or turn it "
              + "into a number with --sql.",
          column.name(), table.label(), column.type());
    }
    String name = Sql.name(column.name());
    Optional<Offence> offence =
        Offence.find(
            table,
            name,
            "v IS NOT NULL AND TRY_CAST(trim(v) AS DOUBLE) IS NULL AND lower(trim(v)) NOT IN ("
                + MISSING
                + ")");
    if (offence.isPresent()) {
      throw ThalwegException.usage(
          "Column '%s' of %s is not numeric: row %d holds '%s'. Choose other columns with "
              + "--columns, or give it the role 'ignore' in a --schema file.",
          column.name(), table.label(), offence.get().row(), offence.get().value());
    }
  }
}
