package org.thalweg.app.table;

import java.util.Optional;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Kind;
import org.thalweg.api.data.Schema;
import org.thalweg.api.error.ThalwegException;

/** Holds a table against what its columns are declared to be. */
final class Declared {
  private Declared() {}

  /**
   * Refuses fractions in columns of whole numbers, naming the first: dequantised by whole steps,
   * they would be given a density that they do not have. Missing and infinite values are another
   * matter: their rows are left out.
   *
   * @throws ThalwegException exit code 2
   */
  static void require(Table table, Schema schema) {
    for (Column column : schema.columns()) {
      if (column.kind() instanceof Kind.IntegerValued) {
        requireWhole(table, column.name());
      }
    }
  }

  private static void requireWhole(Table table, String name) {
    String value = Numbers.expression(table.column(name));
    Optional<Offence> fraction = Offence.find(table, value, "isfinite(v) AND v <> trunc(v)");
    if (fraction.isPresent()) {
      throw ThalwegException.usage(
          "Column '%s' of %s is declared to be of kind integer, but row %d holds %s. Give it the "
              + "kind real (and a resolution) in the --schema file, or leave such rows out with "
              + "--where.",
          name, table.label(), fraction.get().row(), fraction.get().value());
    }
  }
}
