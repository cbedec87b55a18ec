package org.thalweg.toolkit.data;

import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Kind;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.data.Schema;
import org.thalweg.api.random.Seed;

/**
 * Spreads rounded values over the step they were rounded from: uniform noise, one resolution wide
 * and centred on the value. Without it a density grows without bound on repeated values. The
 * expected log-density of the spread rows is a lower bound on the log-probability of the rounded
 * ones plus the logarithm of the step (Theis, van den Oord and Bethge 2016, section 3.1).
 */
public final class Dequantiser {
  private final double[] steps;
  private final Kind[] kinds;
  private final boolean needed;

  /** The dequantiser of a schema's features. */
  public Dequantiser(Schema schema) {
    List<Column> columns = schema.features();
    steps = columns.stream().mapToDouble(c -> step(c).orElse(0)).toArray();
    kinds = columns.stream().map(Column::kind).toArray(Kind[]::new);
    needed = columns.stream().anyMatch(c -> step(c).isPresent());
  }

  /** The step that a column's values were rounded to; 1 for whole numbers. */
  public static OptionalDouble step(Column column) {
    boolean whole = column.kind() instanceof Kind.IntegerValued;
    return column.resolution().isEmpty() && whole ? OptionalDouble.of(1) : column.resolution();
  }

  /** Rows with their rounded columns spread; row i with a stream of its own. */
  public static Rows apply(Rows rows, Schema schema, Seed seed) {
    Dequantiser dequantiser = new Dequantiser(schema);
    if (!dequantiser.needed) {
      return rows;
    }
    Matrix x = rows.features();
    Matrix spread = new Matrix(x.rows(), x.columns(), x.values().clone());
    for (int i = 0; i < x.rows(); i++) {
      dequantiser.spread(spread.values(), i * x.columns(), seed.child(i));
    }
    return rows.withFeatures(spread);
  }

  /** Whether any column is rounded. */
  public boolean needed() {
    return needed;
  }

  /** Spreads one row in place; it starts at {@code offset}. */
  public void spread(double[] values, int offset, Seed seed) {
    if (!needed) {
      return;
    }
    SplittableRandom random = seed.generator();
    for (int j = 0; j < steps.length; j++) {
      if (steps[j] > 0) {
        double moved = values[offset + j] + steps[j] * (random.nextDouble() - 0.5);
        values[offset + j] = kinds[j] instanceof Kind.Bounded b ? reflect(moved, b) : moved;
      }
    }
  }

  /** A value at a bound must not be spread beyond it. */
  private static double reflect(double value, Kind.Bounded bounds) {
    double x = value < bounds.low() ? 2 * bounds.low() - value : value;
    return x > bounds.high() ? 2 * bounds.high() - x : x;
  }
}
