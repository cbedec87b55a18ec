package org.thalweg.app.published;

import java.nio.file.Path;
import java.util.Arrays;
import org.thalweg.api.data.Matrix;

/** Rows that grow line by line, out of the cells of a text file. */
final class RowList {
  private final Path file;
  private final int columns;
  private double[] values = new double[1 << 16];
  private int size;

  RowList(Path file, int columns) {
    this.file = file;
    this.columns = columns;
  }

  /** Adds a row of as many cells as there are columns. */
  void add(String[] cells, long line) {
    if (cells.length != columns) {
      throw Source.unexpected(
          file, "line %d has %d values, %d are expected.", line, cells.length, columns);
    }
    for (String cell : cells) {
      add(number(cell, line));
    }
  }

  /** Adds one number. */
  void add(double value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, (int) Math.min(Integer.MAX_VALUE - 8, 2L * size));
    }
    values[size++] = value;
  }

  /** The number of a cell. */
  double number(String cell, long line) {
    double value;
    try {
      value = Double.parseDouble(cell.strip());
    } catch (NumberFormatException e) {
      value = Double.NaN;
    }
    if (!Double.isFinite(value)) {
      throw Source.unexpected(file, "line %d holds '%s', which is no number.", line, cell);
    }
    return value;
  }

  Matrix matrix() {
    if (size == 0) {
      throw Source.unexpected(file, "no row of it is usable.");
    }
    return new Matrix(size / columns, columns, Arrays.copyOf(values, size));
  }
}
