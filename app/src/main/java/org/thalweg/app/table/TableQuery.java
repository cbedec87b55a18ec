package org.thalweg.app.table;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Which rows are asked for.
 *
 * @param file the file; a query sees it as the table {@code data}
 * @param sql a query, whose result is taken instead of the file
 * @param where a condition in SQL that rows must meet
 */
public record TableQuery(Optional<Path> file, Optional<String> sql, Optional<String> where) {
  /** All rows of a file. */
  public static TableQuery of(Path file) {
    return new TableQuery(Optional.of(file), Optional.empty(), Optional.empty());
  }

  /** What messages call it. */
  public String label() {
    return file.map(f -> "'" + f + "'").orElse("the query");
  }
}
