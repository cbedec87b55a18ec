package org.thalweg.app.table;

import org.thalweg.api.data.Column;
import org.thalweg.api.data.Role;
import org.thalweg.api.data.Schema;

/** What of a model's columns a table needs. */
public final class Needed {
  private Needed() {}

  /**
   * The columns without which a row cannot be scored: weights and labels matter in training only. A
   * table without any of the noise columns is one of rows without noise, and may be scored as such.
   * One that has them in other letters (EX for ex) is no such table: whoever reads the columns then
   * refuses it and names the nearest, as for every column.
   */
  public static Schema forScoring(Table table, Schema schema) {
    boolean noise =
        schema.columns().stream().filter(Needed::noise).anyMatch(c -> table.mayMean(c.name()));
    return new Schema(
        schema.columns().stream()
            .filter(c -> c.role() != Role.WEIGHT && c.role() != Role.LABEL)
            .filter(c -> noise || !noise(c))
            .toList());
  }

  private static boolean noise(Column column) {
    return column.role() == Role.NOISE_SD || column.role() == Role.NOISE_COV;
  }

  /** Whether a table has all of a schema's columns. */
  public static boolean has(Table table, Schema schema) {
    return table.names().containsAll(schema.columns().stream().map(Column::name).toList());
  }
}
