package org.thalweg.app.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Noise;
import org.thalweg.api.data.Role;
import org.thalweg.api.data.Rows;
import org.thalweg.api.data.Schema;
import org.thalweg.api.error.ThalwegException;

/**
 * Streams the rows of a table in its order, the numbers of a schema's columns only. A missing value
 * is NaN.
 */
public final class RowReader {
  private static final Role[] ROLES = {
    Role.FEATURE, Role.CONTEXT, Role.NOISE_SD, Role.NOISE_COV, Role.LABEL, Role.WEIGHT
  };

  private final Table table;
  private final MissingValues missing;
  private final List<Column> columns = new ArrayList<>();
  private final int[] counts = new int[ROLES.length];

  /**
   * A reader of columns that must be in the table and numeric.
   *
   * @throws ThalwegException exit code 2 where they are not, or where noise columns do not fit the
   *     features
   */
  public RowReader(Table table, Schema schema) {
    this(table, schema, MissingValues.LEFT_OUT);
  }

  /** The same, with a say in what is usable. */
  public RowReader(Table table, Schema schema, MissingValues missing) {
    this.table = table;
    this.missing = missing;
    for (int k = 0; k < ROLES.length; k++) {
      List<Column> some = schema.with(ROLES[k]);
      columns.addAll(some);
      counts[k] = some.size();
    }
    Numbers.require(table, schema);
    Labels.require(table, schema);
    requireNoiseFits();
  }

  private String expression(Column column) {
    return column.role() == Role.LABEL
        ? Labels.expression(table, column)
        : Numbers.expression(table.column(column.name()));
  }

  /** Reads chunks of up to {@code size} rows. */
  public void read(int size, Consumer<double[][]> consumer) {
    String selected = String.join(", ", columns.stream().map(this::expression).toList());
    table
        .workspace()
        .query(
            table.cannotRead(),
            "SELECT " + selected + " FROM " + table.relation(),
            result -> {
              int width = columns.size();
              List<double[]> chunk = new ArrayList<>(size);
              while (result.next()) {
                double[] row = new double[width];
                for (int j = 0; j < width; j++) {
                  row[j] = result.getDouble(j + 1);
                }
                chunk.add(row);
                if (chunk.size() == size) {
                  consumer.accept(chunk.toArray(double[][]::new));
                  chunk.clear();
                }
              }
              if (!chunk.isEmpty()) {
                consumer.accept(chunk.toArray(double[][]::new));
              }
              return null;
            });
  }

  /**
   * Whether a model may see a row: its numbers are there and finite, and its weight is not
   * negative. Where missing features are kept, their errors need not be there, and an error may be
   * infinite.
   */
  public boolean usable(double[] row) {
    int fromNoise = counts[0] + counts[1];
    int fromWeight = row.length - counts[5];
    int fromLabel = fromWeight - counts[4];
    int features = 0;
    for (int j = 0; j < counts[0]; j++) {
      boolean there = Double.isFinite(row[j]);
      if (!there && !(missing == MissingValues.KEPT && Double.isNaN(row[j]))) {
        return false;
      }
      features += there ? 1 : 0;
    }
    for (int j = counts[0]; j < fromNoise; j++) {
      if (!Double.isFinite(row[j])) {
        return false;
      }
    }
    for (int j = fromNoise; j < fromLabel; j++) {
      if (!error(row, j, j - fromNoise)) {
        return false;
      }
    }
    for (int j = fromLabel; j < fromWeight; j++) {
      if (!Double.isFinite(row[j])) {
        return false;
      }
    }
    for (int j = fromWeight; j < row.length; j++) {
      if (!(row[j] >= 0 && row[j] < Double.POSITIVE_INFINITY)) {
        return false;
      }
    }
    return features > 0;
  }

  /** Whether an error can be used. A negative one is not for the reader to overlook. */
  private boolean error(double[] row, int column, int number) {
    if (missing == MissingValues.LEFT_OUT) {
      return Double.isFinite(row[column]);
    }
    int d = counts[0];
    boolean covariance = counts[3] > 0;
    int a = covariance ? number / d : number;
    int b = covariance ? number % d : number;
    return Double.isNaN(row[a]) || Double.isNaN(row[b]) || !Double.isNaN(row[column]);
  }

  /** The number of columns that are read. */
  public int width() {
    return columns.size();
  }

  /** Rows as read, taken apart by role. */
  public Rows rows(double[][] rows) {
    Matrix features = part(rows, 0);
    Noise noise =
        counts[2] > 0
            ? new Noise.Diagonal(part(rows, 2))
            : counts[3] > 0 ? new Noise.Full(part(rows, 3)) : Noise.NONE;
    Optional<int[]> labels =
        counts[4] > 0
            ? Optional.of(Arrays.stream(part(rows, 4).column(0)).mapToInt(c -> (int) c).toArray())
            : Optional.empty();
    Optional<double[]> weights =
        counts[5] > 0 ? Optional.of(part(rows, 5).column(0)) : Optional.empty();
    return new Rows(features, part(rows, 1), noise, weights, labels);
  }

  private Matrix part(double[][] rows, int role) {
    int from = 0;
    for (int k = 0; k < role; k++) {
      from += counts[k];
    }
    Matrix out = Matrix.zeros(rows.length, counts[role]);
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], from, out.values(), i * counts[role], counts[role]);
    }
    return out;
  }

  private void requireNoiseFits() {
    int d = counts[0];
    boolean sd = counts[2] == 0 || counts[2] == d;
    boolean cov = counts[3] == 0 || counts[3] == d * d;
    if (counts[4] > 1) {
      throw ThalwegException.usage("There are %d label columns; there can be one.", counts[4]);
    }
    if (!sd || !cov || (counts[2] > 0 && counts[3] > 0) || counts[5] > 1) {
      throw ThalwegException.usage(
          "With %d features there are %d noise-sd, %d noise-cov and %d weight columns; there can be "
              + "%d noise-sd or %d noise-cov columns (in the order of the features, row by row), "
              + "and one weight.",
          d, counts[2], counts[3], counts[5], d, d * d);
    }
  }
}
