package org.thalweg.app.table;

import java.util.Set;

/**
 * A column of a table.
 *
 * @param name its name
 * @param type its SQL type
 */
public record TableColumn(String name, String type) {
  private static final Set<String> NUMBERS =
      Set.of(
          "TINYINT",
          "SMALLINT",
          "INTEGER",
          "BIGINT",
          "HUGEINT",
          "UTINYINT",
          "USMALLINT",
          "UINTEGER",
          "UBIGINT",
          "UHUGEINT",
          "FLOAT",
          "DOUBLE");

  /** A column of double-precision numbers. */
  public static TableColumn number(String name) {
    return new TableColumn(name, "DOUBLE");
  }

  /** Whether its values are numbers. */
  public boolean numeric() {
    return NUMBERS.contains(type) || type.startsWith("DECIMAL");
  }

  /** Whether its values are whole numbers. */
  public boolean whole() {
    return type.endsWith("INT") || type.endsWith("INTEGER");
  }

  /** Whether its values are texts, which may stand for numbers. */
  boolean text() {
    return type.equals("VARCHAR");
  }
}
