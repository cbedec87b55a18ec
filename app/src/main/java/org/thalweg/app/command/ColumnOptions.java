package org.thalweg.app.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.thalweg.app.table.Columns;
import org.thalweg.app.table.SchemaFile;
import picocli.CommandLine.Option;

/** Which columns of a table are modelled, given which, and what they are. */
final class ColumnOptions {
  @Option(
      names = "--columns",
      paramLabel = "A,B",
      description = "the columns to model (default: all numeric ones)")
  String columns;

  @Option(names = "--context", paramLabel = "C,D", description = "columns to condition on")
  String context;

  @Option(
      names = "--schema",
      paramLabel = "FILE",
      description = "YAML that gives columns a role, a kind and a resolution")
  Path schema;

  Columns columns() {
    return new Columns(
        Optional.ofNullable(columns).map(list -> Words.list("--columns", list)),
        context == null ? List.of() : Words.list("--context", context),
        schema == null ? Map.of() : SchemaFile.read(schema));
  }
}
