package org.thalweg.api.data;

import org.thalweg.api.error.ThalwegException;

/**
 * A table in memory: its schema and its rows.
 *
 * @param schema the columns
 * @param rows the rows, whose features and context have the schema's columns in order
 */
public record Dataset(Schema schema, Rows rows) {
  /** Refuses rows that do not have the schema's columns. */
  public Dataset {
    int d = schema.features().size();
    int c = schema.contexts().size();
    if (rows.features().columns() != d || rows.context().columns() != c) {
      throw ThalwegException.usage(
          "The schema has %d features and %d context columns, the rows have %d and %d.",
          d, c, rows.features().columns(), rows.context().columns());
    }
  }

  /** Real-valued features named {@code x0, x1, ...}. */
  public static Dataset of(Matrix features) {
    return new Dataset(Schema.features(features.columns()), Rows.of(features));
  }

  /** Some rows, in the order given, under the same schema. */
  public Dataset select(int[] indices) {
    return new Dataset(schema, rows.select(indices));
  }

  /** The number of rows. */
  public int size() {
    return rows.size();
  }
}
