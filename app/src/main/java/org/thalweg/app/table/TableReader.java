package org.thalweg.app.table;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.app.numpy.NumpyArray;
import org.thalweg.app.numpy.NumpyFile;

/**
 * Opens tables. A file is not read into memory but seen through a view; the result of a query is
 * kept in the workspace, because running it twice need not give the same rows.
 */
public final class TableReader {
  /** The name under which a query sees the file. */
  private static final String DATA = "data";

  private static final String SELECTED = "selected";

  /** A text file once more, where no number was read and would be written otherwise. */
  private static final String TEXTS = "texts";

  private final Workspace workspace;

  /** Opens tables in a workspace. */
  public TableReader(Workspace workspace) {
    this.workspace = workspace;
  }

  /**
   * Opens a table.
   *
   * @throws ThalwegException exit code 2 where it cannot be read, has no row, or has two columns of
   *     one name
   */
  public Table open(TableQuery query) {
    if (query.file().isEmpty() && query.sql().isEmpty()) {
      throw ThalwegException.usage("Name a table with --data FILE, or a query with --sql.");
    }
    String cannotRead = "Cannot read " + query.label();
    query.file().ifPresent(this::view);
    String relation = DATA;
    boolean text = query.file().map(Format::of).filter(Format::delimited).isPresent();
    String texts = text ? TEXTS : DATA;
    if (query.sql().isPresent() || query.where().isPresent()) {
      relation = SELECTED;
      texts = SELECTED;
      String from =
          query.sql().map(sql -> "(" + stripped(sql) + "\n)").orElse("(SELECT * FROM data)");
      requireDistinct(query.label(), names(workspace.columns("Cannot run --sql", from)));
      query.where().ifPresent(where -> requireCondition(query, from, where));
      String where = query.where().map(w -> " WHERE (" + w + "\n)").orElse("");
      workspace.execute(
          "Cannot run --sql or --where on " + query.label(),
          "CREATE TABLE " + SELECTED + " AS SELECT * FROM " + from + where);
    }
    List<TableColumn> columns = workspace.columns(cannotRead, "SELECT * FROM " + relation);
    requireDistinct(query.label(), names(columns));
    requireRows(query, cannotRead, relation);
    return new Table(workspace, relation, texts, query.label(), columns);
  }

  private void view(Path file) {
    if (!Files.exists(file)) {
      throw ThalwegException.usage("There is no file '%s'.", file);
    }
    if (Files.isDirectory(file)) {
      throw ThalwegException.usage("'%s' is a directory; name a file.", file);
    }
    switch (Format.of(file)) {
      case CSV, TSV -> text(file);
      case PARQUET -> source(DATA, file, "read_parquet(" + Sql.file(file) + ")");
      case JSONL -> source(DATA, file, "read_json(" + Sql.file(file) + ", sample_size=-1)");
      case NPY, NPZ -> arrays(file);
      default -> throw new IllegalStateException(file.toString());
    }
  }

  private void source(String name, Path file, String source) {
    workspace.execute(
        "Cannot read '" + file + "'", "CREATE VIEW " + name + " AS SELECT * FROM " + source);
  }

  /** All rows decide on the types, once; the view then has them fixed. */
  private void text(Path file) {
    CsvHead head = CsvHead.read(file, Format.of(file));
    requireDistinct("'" + file + "'", head.names());
    String cannotRead = "Cannot read '" + file + "'";
    String dialect =
        "read_csv(%s, delim=%s, quote='\"', escape='\"', comment='', skip=%d, header=%s"
            .formatted(
                Sql.file(file), Sql.text("" + head.separator()), head.skipped(), head.header());
    String names =
        head.names().stream().map(Sql::text).collect(Collectors.joining(", ", "names=[", "]"));
    String fixed = dialect + ", auto_detect=false, columns=%s)";
    String texts = types(head.names().stream().map(n -> new TableColumn(n, "VARCHAR")).toList());
    List<TableColumn> columns;
    try {
      columns =
          workspace.columns(
              cannotRead, "SELECT * FROM " + dialect + ", " + names + ", sample_size=-1)");
    } catch (ThalwegException e) {
      // Reading everything as text names the line that does not fit; guessing types does not.
      workspace.query(
          cannotRead, "SELECT count(*) FROM " + fixed.formatted(texts), result -> result.next());
      throw e;
    }
    if (columns.size() != head.names().size()) {
      throw ThalwegException.usage(
          "%s: the first line has %d columns, other lines have %d.",
          cannotRead, head.names().size(), columns.size());
    }
    source(DATA, file, fixed.formatted(types(columns)));
    source(TEXTS, file, fixed.formatted(texts));
  }

  /** Anything but numbers stays the text it is, so that it is written as it was read. */
  private static String types(List<TableColumn> columns) {
    return columns.stream()
        .map(c -> Sql.text(c.name()) + ": '" + (c.numeric() ? c.type() : "VARCHAR") + "'")
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private void arrays(Path file) {
    List<NumpyArray> arrays = NumpyFile.read(file);
    List<TableColumn> columns =
        arrays.stream()
            .flatMap(
                array -> array.columnNames().stream().map(n -> new TableColumn(n, type(array))))
            .toList();
    requireDistinct("'" + file + "'", names(columns));
    try (Appender appender = workspace.appender(DATA, columns)) {
      int rows = arrays.isEmpty() ? 0 : arrays.get(0).rows();
      for (int i = 0; i < rows; i++) {
        appender.begin();
        for (NumpyArray array : arrays) {
          for (int j = 0; j < array.columns(); j++) {
            if (array.type().whole()) {
              appender.add(array.whole(i, j));
            } else if (array.type().single()) {
              appender.add((float) array.number(i, j));
            } else {
              appender.add(array.number(i, j));
            }
          }
        }
        appender.end();
      }
    }
  }

  private static String type(NumpyArray array) {
    return array.type().whole() ? "BIGINT" : array.type().single() ? "FLOAT" : "DOUBLE";
  }

  private void requireRows(TableQuery query, String cannotRead, String relation) {
    boolean some =
        workspace.query(
            cannotRead, "SELECT 1 FROM " + relation + " LIMIT 1", result -> result.next());
    if (!some) {
      throw ThalwegException.usage(
          "%s has no row%s.",
          query.label(), query.where().map(w -> " where " + w).orElse(", only column names"));
    }
  }

  /** Names that differ in case only are one name in SQL. */
  private static void requireDistinct(String label, List<String> names) {
    Map<String, String> seen = new HashMap<>();
    for (String name : names) {
      String before = seen.put(name.toLowerCase(Locale.ROOT), name);
      if (before != null) {
        throw ThalwegException.usage(
            before.equals(name)
                ? "%s has two columns named '%s'. Rename one of them."
                : "%s has columns named '%s' and '%s', which differ in case only. Rename one.",
            label,
            name,
            before);
      }
    }
  }

  /** A text that is a condition only within parentheses has closed them: its rows are others. */
  private void requireCondition(TableQuery query, String from, String where) {
    workspace.columns(
        "Cannot run --where on " + query.label(), "SELECT * FROM " + from + " WHERE " + where);
  }

  private static List<String> names(List<TableColumn> columns) {
    return columns.stream().map(TableColumn::name).toList();
  }

  private static String stripped(String sql) {
    return sql.strip().replaceAll(";+$", "");
  }
}
