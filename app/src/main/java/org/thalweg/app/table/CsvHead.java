package org.thalweg.app.table;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;

/**
 * The first line of a text table. It is read here and not by DuckDB, which renames duplicate
 * columns and skips lines that do not fit without a word.
 *
 * @param separator what is between cells
 * @param header whether the line holds names; a line of numbers does not
 * @param names the names, or {@code column0, column1, ...}
 */
record CsvHead(char separator, boolean header, List<String> names) {
  private static final char[] SEPARATORS = {',', ';', '\t', '|'};

  /** A first line of more characters is not one of a table. */
  private static final int LONGEST = 16 << 20;

  /**
   * Reads it.
   *
   * @throws ThalwegException exit code 2 for an empty file
   */
  static CsvHead read(Path file, Format format) {
    String line = firstLine(file);
    if (line.isBlank()) {
      throw ThalwegException.usage(
          "'%s' is empty: a table needs a line of column names and rows.", file);
    }
    char separator = format == Format.TSV ? '\t' : separator(line);
    List<String> cells = split(line, separator);
    boolean header = cells.stream().anyMatch(cell -> !cell.isBlank() && !isNumber(cell));
    List<String> names = new ArrayList<>();
    for (int j = 0; j < cells.size(); j++) {
      names.add(header && !cells.get(j).isBlank() ? cells.get(j) : "column" + j);
    }
    return new CsvHead(separator, header, List.copyOf(names));
  }

  /** Cells of a line; quotes protect separators, and a doubled quote is one. */
  static List<String> split(String line, char separator) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"') {
        if (quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
          cell.append('"');
          i++;
        } else {
          quoted = !quoted;
        }
      } else if (c == separator && !quoted) {
        cells.add(cell.toString().strip());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    cells.add(cell.toString().strip());
    return cells;
  }

  /** The separator that occurs most often outside quotes. */
  private static char separator(String line) {
    char best = SEPARATORS[0];
    int most = 0;
    for (char candidate : SEPARATORS) {
      int count = split(line, candidate).size() - 1;
      if (count > most) {
        most = count;
        best = candidate;
      }
    }
    return best;
  }

  private static boolean isNumber(String cell) {
    try {
      Double.parseDouble(cell);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** The first line that is not blank, without a byte order mark. */
  private static String firstLine(Path file) {
    try (InputStream raw = Files.newInputStream(file);
        InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      StringBuilder line = new StringBuilder();
      boolean quoted = false;
      for (int c = reader.read(); c >= 0 && line.length() < LONGEST; c = reader.read()) {
        boolean newline = (c == '\n' || c == '\r') && !quoted;
        if (newline && !line.toString().isBlank()) {
          break;
        }
        quoted ^= c == '"';
        if (!newline && c != '\uFEFF') {
          line.append((char) c);
        }
      }
      return line.toString();
    } catch (IOException e) {
      throw new ThalwegException(ExitCode.USAGE, "Cannot read '" + file + "': " + e + ".", e);
    }
  }
}
