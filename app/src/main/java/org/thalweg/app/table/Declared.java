package org.thalweg.app.table;

import java.util.Optional;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Kind;
import org.thalweg.api.data.Schema;
import org.thalweg.api.error.ThalwegException;

/** Holds a table against the kinds that its columns are declared to be. */
final class Declared {
  private Declared() {}

  /**
   * Refuses columns with values that are not of their kind, naming the first. Missing and infinite
   * values are another matter: their rows are left out.
   *
   * @throws ThalwegException exit code 2
   */
  static void require(Table table, Schema schema) {
    for (Column column : schema.columns()) {
      if (column.kind() instanceof Kind.IntegerValued) {
        refuse(table, column, "v <> trunc(v)", "whole numbers (kind: integer)");
      } else if (column.kind() instanceof Kind.Bounded bounded) {
        String lo = Double.toString(bounded.low());
        String hi = Double.toString(bounded.high());
        refuse(
            table,
            column,
            "(v <= " + lo + "::DOUBLE OR v >= " + hi + "::DOUBLE)",
            "numbers above " + lo + " and below " + hi + " (kind: bounded)");
      }
    }
  }

  private static void refuse(Table table, Column column, String condition, String kind) {
    String value = Numbers.expression(table.column(column.name()));
    Optional<Offence> offence = Offence.find(table, value, "isfinite(v) AND " + condition);
    if (offence.isPresent()) {
      throw ThalwegException.usage(
          "Column '%s' of %s is declared to hold %s, but row %d holds %s. Declare it otherwise in "
              + "the --schema file, or leave such rows out with --where.",
          column.name(), table.label(), kind, offence.get().row(), offence.get().value());
    }
  }
}
