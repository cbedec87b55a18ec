package org.thalweg.app.table;

import org.thalweg.api.data.Column;
import org.thalweg.api.data.Role;
import org.thalweg.api.data.Schema;

/** What of a model's columns a table needs. */
public final class Needed {
  private Needed() {}

  /** The columns without which a row cannot be scored: others matter in training only. */
  public static Schema forScoring(Schema schema) {
    return new Schema(
        schema.columns().stream()
            .filter(c -> c.role() != Role.WEIGHT && c.role() != Role.LABEL)
            .toList());
  }

  /** Whether a table has all of a schema's columns. */
  public static boolean has(Table table, Schema schema) {
    return table.names().containsAll(schema.columns().stream().map(Column::name).toList());
  }
}
