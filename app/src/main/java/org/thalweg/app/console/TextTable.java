package org.thalweg.app.console;

import java.util.ArrayList;
import java.util.List;

/** Lines whose cells are aligned in columns, two spaces apart. */
public final class TextTable {
  private final List<List<String>> rows = new ArrayList<>();

  /** Adds a line. */
  public TextTable row(Object... cells) {
    List<String> row = new ArrayList<>();
    for (Object cell : cells) {
      row.add(String.valueOf(cell));
    }
    rows.add(row);
    return this;
  }

  /** The lines, without a newline at the end. */
  @Override
  public String toString() {
    List<Integer> widths = new ArrayList<>();
    for (List<String> row : rows) {
      for (int j = 0; j < row.size(); j++) {
        if (j == widths.size()) {
          widths.add(0);
        }
        widths.set(j, Math.max(widths.get(j), row.get(j).length()));
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int j = 0; j < row.size(); j++) {
        line.append(row.get(j)).append(" ".repeat(widths.get(j) - row.get(j).length() + 2));
      }
      lines.add(line.toString().stripTrailing());
    }
    return String.join(System.lineSeparator(), lines);
  }
}
