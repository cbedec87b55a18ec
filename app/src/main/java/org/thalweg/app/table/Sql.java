package org.thalweg.app.table;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;

/** Parts of SQL text, and what is left of DuckDB's messages for a user. */
final class Sql {
  private Sql() {}

  /** A name as an identifier. */
  static String name(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** A text as a literal. */
  static String text(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /**
   * A file's name as a literal that is not taken for a pattern.
   *
   * @throws ThalwegException where the name holds characters that DuckDB takes for a pattern
   */
  static String file(Path file) {
    String path = file.toAbsolutePath().toString();
    if (path.matches(".*[*?\\[\\]].*")) {
      throw ThalwegException.usage(
          "The name '%s' holds one of * ? [ ], which cannot be read. Rename the file.", file);
    }
    return text(path);
  }

  /** A refusal with what DuckDB said, up to its advice about options that are not ours. */
  static ThalwegException refused(String what, SQLException cause) {
    String message = String.valueOf(cause.getMessage()).replace(Outputs.PART, "");
    List<String> kept = new ArrayList<>();
    for (String line : message.split("\n")) {
      boolean advice =
          line.startsWith("Possible ")
              || line.startsWith("The search space")
              || line.startsWith("Column ")
              || line.startsWith("  file");
      if (advice || kept.size() == 6) {
        break;
      }
      if (!line.isBlank()) {
        kept.add(line.strip());
      }
    }
    return new ThalwegException(ExitCode.USAGE, what + ": " + String.join(" | ", kept), cause);
  }
}
