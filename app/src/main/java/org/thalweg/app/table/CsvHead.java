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
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.app.Reason;

/**
 * The first line of a text table. It is read here and not by DuckDB, which renames duplicate
 * columns and skips lines that do not fit without a word.
 *
 * @param separator what is between cells
 * @param header whether the line holds names; a line of numbers does not
 * @param names the names, or {@code column0, column1, ...}
 * @param skipped blank lines before it
 */
record CsvHead(char separator, boolean header, List<String> names, int skipped) {
  private static final char[] SEPARATORS = {',', ';', '\t', '|'};

  private static final Set<String> MISSING = Set.of("na", "n/a", "null", "none", "?", "-");

  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?|(?i:[+-]?(inf|infinity|nan))");

  /** A first line of more characters is not one of a table. */
  private static final int LONGEST = 16 << 20;

  /**
   * Reads it.
   *
   * @throws ThalwegException exit code 2 for an empty file
   */
  static CsvHead read(Path file, Format format) {
    FirstLine first = firstLine(file);
    String line = first.text();
    if (line.isBlank()) {
      throw ThalwegException.usage(
          "'%s' is empty: a table needs a line of column names and rows.", file);
    }
    char separator = format == Format.TSV ? '\t' : separator(line);
    List<String> cells = split(line, separator);
    boolean header =
        cells.stream().noneMatch(CsvHead::isNumber)
            || !cells.stream().allMatch(cell -> isNumber(cell) || isMissing(cell));
    List<String> names = new ArrayList<>();
    for (int j = 0; j < cells.size(); j++) {
      names.add(header && !cells.get(j).isBlank() ? cells.get(j) : "column" + j);
    }
    return new CsvHead(separator, header, List.copyOf(names), first.skipped());
  }

  /** Cells of a line; quotes protect separators, and a doubled quote is one. */
  static List<String> split(String line, char separator) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"' && (quoted || cell.toString().isBlank())) {
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

  /** A row of numbers may lack some. */
  private static boolean isMissing(String cell) {
    return cell.isBlank() || MISSING.contains(cell.toLowerCase(Locale.ROOT));
  }

  /** Java's own parser takes {@code 1d} and {@code 0x1p3}, which are names here. */
  private static boolean isNumber(String cell) {
    return NUMBER.matcher(cell).matches();
  }

  private record FirstLine(String text, int skipped) {}

  /** The first line that is not blank, without a byte order mark. */
  private static FirstLine firstLine(Path file) {
    try (InputStream raw = Files.newInputStream(file);
        InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      StringBuilder line = new StringBuilder();
      boolean quoted = false;
      int skipped = 0;
      for (int c = reader.read(); c >= 0 && line.length() < LONGEST; c = reader.read()) {
        boolean newline = (c == '\n' || c == '\r') && !quoted;
        if (newline && !line.toString().isBlank()) {
          break;
        }
        if (c == 0) {
          throw ThalwegException.usage("'%s' is not a table in UTF-8 text.", file);
        }
        skipped += newline && c == '\n' ? 1 : 0;
        if (c == '"') {
          quoted = !quoted && opens(line);
        }
        if (!newline && c != '\uFEFF') {
          line.append((char) c);
        }
      }
      return new FirstLine(line.toString(), skipped);
    } catch (IOException e) {
      throw new ThalwegException(
          ExitCode.USAGE, "Cannot read '" + file + "': " + Reason.of(e) + ".", e);
    }
  }

  /** Whether a quote that follows opens a cell, or is the second of two inside one. */
  private static boolean opens(CharSequence line) {
    int last = line.length() - 1;
    while (last >= 0 && line.charAt(last) == ' ') {
      last--;
    }
    return last < 0 || "\",;\t|".indexOf(line.charAt(last)) >= 0;
  }
}
