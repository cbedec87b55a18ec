package org.thalweg.app.table;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.app.numpy.NumpyWriter;

/**
 * Writes what a workspace holds to a file, in the format of its extension.
 *
 * <p>A {@code .npz} gets one array a column; columns {@code NAME_0, NAME_1, ...} that stand
 * together become one array {@code NAME} of two axes, as they are read. A {@code .npy} gets one
 * array of all columns, without their names.
 */
public final class TableWriter {
  private static final int MOST_ROWS_IN_AN_ARRAY = Integer.MAX_VALUE - 8;

  private final Path file;
  private final Format format;
  private final Map<String, String> notes;

  /**
   * A writer to a file.
   *
   * @throws ThalwegException exit code 2 where the extension is no format, or the file cannot be
   *     written
   */
  public TableWriter(Path file) {
    this(file, Map.of());
  }

  private TableWriter(Path file, Map<String, String> notes) {
    this.file = file;
    this.format = Format.of(file);
    this.notes = notes;
    Outputs.requireWritable(file);
  }

  /**
   * The same with an entry of the file's own metadata, for which Parquet has a place and others
   * have none.
   *
   * @param key a word
   */
  public TableWriter noting(String key, String value) {
    Map<String, String> all = new TreeMap<>(notes);
    all.put(key, value);
    return new TableWriter(file, all);
  }

  /**
   * Refuses columns that the format has no place for.
   *
   * @throws ThalwegException exit code 2 for a text column and a numpy file
   */
  public void require(List<TableColumn> columns) {
    if (!format.numpy()) {
      return;
    }
    for (TableColumn column : columns) {
      if (!column.numeric() || column.name().matches(".*[/\\\\].*")) {
        throw ThalwegException.usage(
            "Column '%s' (%s) cannot be written to '%s': a numpy array holds numbers, under a name "
                + "without slashes. Choose .csv, .parquet or .jsonl.",
            column.name(), column.type(), file);
      }
    }
  }

  /** The relation of a table whose rows stay as they are when they are written here. */
  public String copyOf(Table table) {
    return format.delimited() ? table.texts() : table.relation();
  }

  /** Writes the rows of a query. */
  public void write(Workspace workspace, String query) {
    Outputs.replace(file, writer(workspace, query));
  }

  /** What writes the rows of a query, for files that are written together. */
  public Outputs.Writer writer(Workspace workspace, String query) {
    List<TableColumn> columns = workspace.columns("Cannot write '" + file + "'", query);
    require(columns);
    return temporary -> {
      if (format.numpy()) {
        arrays(workspace, query, columns, temporary);
      } else {
        workspace.execute(
            "Cannot write '" + file + "'",
            "COPY (%s) TO %s (%s)".formatted(query, Sql.text(temporary.toString()), options()));
      }
    };
  }

  private String options() {
    String compression = file.toString().endsWith(".gz") ? ", COMPRESSION gzip" : "";
    return switch (format) {
      case CSV -> "FORMAT csv, HEADER, DELIMITER ','" + compression;
      case TSV -> "FORMAT csv, HEADER, DELIMITER '\t'" + compression;
      case JSONL -> "FORMAT json" + compression;
      case PARQUET -> "FORMAT parquet" + metadata();
      default -> throw new IllegalStateException(format.toString());
    };
  }

  private String metadata() {
    return notes.isEmpty()
        ? ""
        : notes.entrySet().stream()
            .map(note -> note.getKey() + ": " + Sql.text(note.getValue()))
            .collect(Collectors.joining(", ", ", KV_METADATA {", "}"));
  }

  private void arrays(Workspace workspace, String query, List<TableColumn> columns, Path temporary)
      throws IOException {
    long rows =
        workspace.query(
            "Cannot write '" + file + "'",
            "SELECT count(*) FROM (" + query + ")",
            result -> {
              result.next();
              return result.getLong(1);
            });
    if (rows > MOST_ROWS_IN_AN_ARRAY) {
      throw ThalwegException.usage(
          "'%s' would have %d rows, too many for an array. Choose .parquet.", file, rows);
    }
    List<List<TableColumn>> groups = format == Format.NPY ? List.of(columns) : groups(columns);
    try (NumpyWriter writer = new NumpyWriter(temporary, format == Format.NPZ)) {
      for (List<TableColumn> group : groups) {
        boolean flat = group.size() == 1 && !indexed(group.get(0).name(), 0);
        String name = flat ? group.get(0).name() : stem(group.get(0).name());
        boolean whole =
            group.stream().allMatch(TableColumn::whole) && !missing(workspace, query, group);
        writer.begin(name, whole, (int) rows, group.size(), flat && format == Format.NPZ);
        copy(workspace, query, group, whole, writer);
        writer.end();
      }
    }
  }

  /** Whether a value is missing, for which an array of whole numbers has no place. */
  private boolean missing(Workspace workspace, String query, List<TableColumn> group) {
    String any =
        group.stream()
            .map(c -> Sql.name(c.name()) + " IS NULL")
            .collect(Collectors.joining(" OR "));
    return workspace.query(
        "Cannot write '" + file + "'",
        "SELECT 1 FROM (" + query + ") WHERE " + any + " LIMIT 1",
        result -> result.next());
  }

  private void copy(
      Workspace workspace,
      String query,
      List<TableColumn> group,
      boolean whole,
      NumpyWriter writer) {
    String names =
        group.stream()
            .map(c -> whole ? "CAST(" + Sql.name(c.name()) + " AS BIGINT)" : Numbers.expression(c))
            .collect(Collectors.joining(", "));
    workspace.query(
        "Cannot write '" + file + "'",
        "SELECT " + names + " FROM (" + query + ")",
        result -> {
          while (result.next()) {
            for (int j = 1; j <= group.size(); j++) {
              if (whole) {
                writer.add(result.getLong(j));
              } else {
                writer.add(result.getDouble(j));
              }
            }
          }
          return null;
        });
  }

  /** Columns that belong to one array. */
  private static List<List<TableColumn>> groups(List<TableColumn> columns) {
    List<List<TableColumn>> out = new ArrayList<>();
    for (TableColumn column : columns) {
      List<TableColumn> last = out.isEmpty() ? List.of() : out.get(out.size() - 1);
      boolean next =
          !last.isEmpty()
              && indexed(column.name(), last.size())
              && indexed(last.get(0).name(), 0)
              && stem(column.name()).equals(stem(last.get(0).name()));
      if (!next) {
        out.add(new ArrayList<>());
      }
      out.get(out.size() - 1).add(column);
    }
    return out;
  }

  private static boolean indexed(String name, int index) {
    return name.endsWith("_" + index) && name.length() > ("_" + index).length();
  }

  private static String stem(String name) {
    int end = name.lastIndexOf('_');
    return end > 0 ? name.substring(0, end) : name;
  }
}
