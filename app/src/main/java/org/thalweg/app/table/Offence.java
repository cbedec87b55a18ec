package org.thalweg.app.table;

import java.util.Optional;

/**
 * The first value of a column that is not as it should be.
 *
 * @param row its row, counted from 1
 * @param value the value as text
 */
record Offence(long row, String value) {
  /**
   * Looks for one.
   *
   * @param value the column's value in SQL
   * @param condition what a value {@code v} meets that is not as it should be, in SQL
   */
  static Optional<Offence> find(Table table, String value, String condition) {
    String sql =
        "SELECT n, v FROM (SELECT row_number() OVER () AS n, %s AS v FROM %s) WHERE %s LIMIT 1"
            .formatted(value, table.relation(), condition);
    return table
        .workspace()
        .query(
            table.cannotRead(),
            sql,
            result ->
                result.next()
                    ? Optional.of(new Offence(result.getLong(1), result.getString(2)))
                    : Optional.empty());
  }
}
