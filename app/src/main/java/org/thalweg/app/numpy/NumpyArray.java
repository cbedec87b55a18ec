package org.thalweg.app.numpy;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;

/**
 * An array of one or two axes as a table: one column, or columns {@code NAME_0, NAME_1, ...}.
 *
 * @param name its name
 * @param type the type of its elements
 * @param rows the length of the first axis
 * @param columns the length of the second axis, 1 where there is none
 * @param flat whether there is no second axis
 * @param fortran whether elements are stored column after column
 * @param data the elements, from position 0, in the type's byte order
 */
public record NumpyArray(
    String name,
    NumpyType type,
    int rows,
    int columns,
    boolean flat,
    boolean fortran,
    ByteBuffer data) {
  /** The names of the columns. */
  public List<String> columnNames() {
    return flat
        ? List.of(name)
        : IntStream.range(0, columns).mapToObj(j -> name + "_" + j).toList();
  }

  /** An element as a number. */
  public double number(int row, int column) {
    return type.number(data, offset(row, column));
  }

  /** An element as a whole number, where the type is one. */
  public long whole(int row, int column) {
    return type.whole(data, offset(row, column));
  }

  private int offset(int row, int column) {
    int index = fortran ? column * rows + row : row * columns + column;
    return index * type.size();
  }
}
