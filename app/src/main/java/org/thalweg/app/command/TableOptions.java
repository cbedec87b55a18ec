package org.thalweg.app.command;

import java.nio.file.Path;
import java.util.Optional;
import org.thalweg.app.table.TableQuery;
import picocli.CommandLine.Option;

/** Which rows a command reads. */
final class TableOptions {
  @Option(
      names = "--data",
      paramLabel = "FILE",
      description = "the table: .csv, .tsv, .parquet, .jsonl, .npy or .npz; text also with .gz")
  Path data;

  @Option(
      names = "--sql",
      paramLabel = "QUERY",
      description = "a query in DuckDB's SQL, which sees the file as the table data")
  String sql;

  @Option(names = "--where", paramLabel = "SQL", description = "a condition that rows must meet")
  String where;

  TableQuery query() {
    return new TableQuery(
        Optional.ofNullable(data), Optional.ofNullable(sql), Optional.ofNullable(where));
  }
}
