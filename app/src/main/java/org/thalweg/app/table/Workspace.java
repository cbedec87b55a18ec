package org.thalweg.app.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.app.Reason;

/**
 * A database of its own, in memory up to {@link #MEMORY} and beyond that in a temporary directory:
 * a table larger than the memory streams through it. Not thread-safe.
 */
public final class Workspace implements AutoCloseable {
  /** What DuckDB may hold; the same everywhere, so that the process's need can be stated. */
  private static final String MEMORY = "1GB";

  private final Path directory;
  private final Connection connection;

  /** Opens an empty one with as many threads. */
  public Workspace(int threads) {
    Properties properties = new Properties();
    properties.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, "true");
    properties.setProperty("memory_limit", MEMORY);
    properties.setProperty("threads", Integer.toString(threads));
    // An extension that is not built in would be downloaded.
    properties.setProperty("autoinstall_known_extensions", "false");
    properties.setProperty("autoload_known_extensions", "false");
    try {
      directory = Files.createTempDirectory("thalweg-");
      Leftovers.add(directory);
    } catch (IOException e) {
      throw unusable("cannot be written to: " + Reason.of(e), e);
    }
    properties.setProperty("temp_directory", directory.toString());
    try {
      connection = new DuckDBDriver().connect("jdbc:duckdb:", properties);
    } catch (SQLException e) {
      delete(directory);
      throw new IllegalStateException("DuckDB does not start.", e);
    } catch (LinkageError e) {
      delete(directory);
      throw unusable("is where DuckDB's native library does not unpack and load: " + root(e), e);
    }
  }

  private static ThalwegException unusable(String why, Throwable cause) {
    return new ThalwegException(
        ExitCode.USAGE,
        "The temporary directory '%s' %s. Make room in it, or choose another with THALWEG_JAVA_OPTS=-Djava.io.tmpdir=DIR."
            .formatted(System.getProperty("java.io.tmpdir"), why),
        cause);
  }

  private static String root(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof IOException e ? Reason.of(e) : cause.getMessage();
  }

  /** What to do with a result. */
  @FunctionalInterface
  public interface ResultReader<T> {
    /** Reads it. */
    T read(ResultSet result) throws SQLException;
  }

  /**
   * Runs a statement.
   *
   * @param what the subject of the refusal where it fails, such as {@code Cannot read 'x.csv'}
   * @throws ThalwegException exit code 2, with what DuckDB said
   */
  public void execute(String what, String sql) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw Sql.refused(what, e);
    }
  }

  /** Runs a query, whose rows stream. */
  public <T> T query(String what, String sql, ResultReader<T> reader) {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      return reader.read(result);
    } catch (SQLException e) {
      throw Sql.refused(what, e);
    }
  }

  /** The columns of a query's result, as they are named there. */
  List<TableColumn> columns(String what, String sql) {
    return query(
        what,
        "DESCRIBE " + sql,
        result -> {
          List<TableColumn> out = new java.util.ArrayList<>();
          while (result.next()) {
            out.add(
                new TableColumn(result.getString("column_name"), result.getString("column_type")));
          }
          return List.copyOf(out);
        });
  }

  /** Creates a table of the given columns and appends to it. */
  public Appender appender(String table, List<TableColumn> columns) {
    String declared =
        String.join(", ", columns.stream().map(c -> Sql.name(c.name()) + " " + c.type()).toList());
    execute("Cannot create a table", "CREATE TABLE " + Sql.name(table) + " (" + declared + ")");
    try {
      DuckDBConnection duck = connection.unwrap(DuckDBConnection.class);
      return new Appender(duck.createAppender(DuckDBConnection.DEFAULT_SCHEMA, table));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** DuckDB's version. */
  public String version() {
    return query(
        "Cannot ask DuckDB",
        "SELECT version()",
        result -> {
          result.next();
          return result.getString(1);
        });
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    } finally {
      delete(directory);
    }
  }

  private static void delete(Path directory) {
    try {
      Leftovers.remove(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
