package org.thalweg.app.table;

import java.util.Arrays;
import java.util.function.Consumer;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Schema;
import org.thalweg.api.error.ThalwegException;

/** Streams the usable rows of a table of contexts. */
public final class ContextReader {
  private ContextReader() {}

  /**
   * Reads them.
   *
   * @param columns the columns to read, as features
   * @param consumer takes chunks {@code [N, C]}
   * @return how many rows hold a missing or an infinite value, and were left out
   * @throws ThalwegException exit code 3 where no row is usable
   */
  public static long read(
      Workspace workspace, TableQuery query, Schema columns, int size, Consumer<Matrix> consumer) {
    RowReader reader = new RowReader(new TableReader(workspace).open(query), columns);
    long[] counts = new long[2];
    reader.read(
        size,
        chunk -> {
          double[][] usable = Arrays.stream(chunk).filter(reader::usable).toArray(double[][]::new);
          counts[0] += usable.length;
          counts[1] += chunk.length - usable.length;
          if (usable.length > 0) {
            consumer.accept(Matrix.of(usable));
          }
        });
    if (counts[0] == 0) {
      throw ThalwegException.data(
          "None of the %d rows of %s is usable: each holds a missing or an infinite value.",
          counts[1], query.label());
    }
    return counts[1];
  }
}
