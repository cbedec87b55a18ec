package org.thalweg.api.data;

import java.util.Arrays;
import org.thalweg.api.error.ThalwegException;

/**
 * A dense row-major matrix in the Java heap. It is not copied: who hands one over does not change
 * it afterwards.
 *
 * @param rows the number of rows, 0 or more
 * @param columns the number of columns, 0 or more
 * @param values {@code rows * columns} numbers, row after row
 */
public record Matrix(int rows, int columns, double[] values) {
  /** Refuses a size that does not fit. */
  public Matrix {
    if (rows < 0 || columns < 0 || (long) rows * columns != values.length) {
      throw ThalwegException.usage(
          "A %d x %d matrix needs %d values, got %d.",
          rows, columns, (long) rows * columns, values.length);
    }
  }

  /** A matrix of zeros. */
  public static Matrix zeros(int rows, int columns) {
    return new Matrix(rows, columns, new double[Math.multiplyExact(rows, columns)]);
  }

  /** A matrix from its rows, which must be equally long. */
  public static Matrix of(double[]... rows) {
    int columns = rows.length == 0 ? 0 : rows[0].length;
    Matrix matrix = zeros(rows.length, columns);
    for (int i = 0; i < rows.length; i++) {
      if (rows[i].length != columns) {
        throw ThalwegException.usage(
            "Row %d has %d values, the first has %d.", i, rows[i].length, columns);
      }
      System.arraycopy(rows[i], 0, matrix.values, i * columns, columns);
    }
    return matrix;
  }

  /** The entry in a row and a column, both counted from 0. */
  public double get(int row, int column) {
    return values[row * columns + column];
  }

  /** A copy of one row. */
  public double[] row(int row) {
    return Arrays.copyOfRange(values, row * columns, (row + 1) * columns);
  }

  /** A copy of one column. */
  public double[] column(int column) {
    double[] out = new double[rows];
    for (int i = 0; i < rows; i++) {
      out[i] = get(i, column);
    }
    return out;
  }

  /** A copy of the rows {@code from} (inclusive) to {@code to} (exclusive). */
  public Matrix slice(int from, int to) {
    return new Matrix(to - from, columns, Arrays.copyOfRange(values, from * columns, to * columns));
  }

  /** A copy of some rows, in the order given. */
  public Matrix select(int[] indices) {
    Matrix out = zeros(indices.length, columns);
    for (int i = 0; i < indices.length; i++) {
      System.arraycopy(values, indices[i] * columns, out.values, i * columns, columns);
    }
    return out;
  }

  /** Whether row {@code row} holds finite numbers only. */
  public boolean finite(int row) {
    for (int j = 0; j < columns; j++) {
      if (!Double.isFinite(get(row, j))) {
        return false;
      }
    }
    return true;
  }
}
