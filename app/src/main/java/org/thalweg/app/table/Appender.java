package org.thalweg.app.table;

import java.sql.SQLException;
import java.util.Optional;
import org.duckdb.DuckDBAppender;

/** Adds rows of numbers to a table of a workspace. */
public final class Appender implements AutoCloseable {
  private final DuckDBAppender appender;

  Appender(DuckDBAppender appender) {
    this.appender = appender;
  }

  /** Begins a row. */
  public void begin() {
    run(appender::beginRow);
  }

  /** Adds a number to the row; NaN stands for a missing one. */
  public void add(double value) {
    if (Double.isNaN(value)) {
      run(appender::appendNull);
    } else {
      run(() -> appender.append(value));
    }
  }

  /** Adds a number in single precision to the row. */
  public void add(float value) {
    run(() -> appender.append(value));
  }

  /** Adds a whole number to the row. */
  public void add(long value) {
    run(() -> appender.append(value));
  }

  /** Adds a text to the row, or nothing. */
  public void add(Optional<String> text) {
    if (text.isEmpty()) {
      run(appender::appendNull);
    } else {
      run(() -> appender.append(text.get()));
    }
  }

  /** Leaves so many cells of the row empty. */
  public void skip(int cells) {
    for (int j = 0; j < cells; j++) {
      run(appender::appendNull);
    }
  }

  /** Ends a row. */
  public void end() {
    run(appender::endRow);
  }

  @Override
  public void close() {
    run(appender::close);
  }

  /** What DuckDB's appender does. */
  @FunctionalInterface
  private interface Step {
    void run() throws SQLException;
  }

  private static void run(Step step) {
    try {
      step.run();
    } catch (SQLException e) {
      throw Sql.refused("Cannot keep rows", e);
    }
  }
}
