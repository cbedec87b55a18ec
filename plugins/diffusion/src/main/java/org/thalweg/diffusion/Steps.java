package org.thalweg.diffusion;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Kind;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Schema;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.toolkit.data.Dequantiser;
import org.thalweg.toolkit.data.Standardiser;

/**
 * The steps that all features of a table were rounded to: what a row stands for is the box of one
 * step about it, and what has a probability is that box.
 *
 * @param steps by column, in the user's unit
 * @param origins by column, in the user's unit: values are these and whole numbers of steps
 * @param slopes by column, standardised units in one unit of the user's
 */
record Steps(double[] steps, double[] origins, double[] slopes) {
  private static final int ORIGIN_ROWS = 1000;

  /** Parts of a step that places are told apart by. */
  private static final long GRAIN = 1000;

  /** Whether every feature is rounded, and mapped by a straight line. */
  static boolean known(Schema schema) {
    return schema.features().stream().allMatch(Steps::straight);
  }

  private static boolean straight(Column column) {
    boolean line =
        column.kind() instanceof Kind.Real || column.kind() instanceof Kind.IntegerValued;
    return line && Dequantiser.step(column).isPresent();
  }

  /**
   * Where the rounded values of each feature lie, modulo its step: at 0.5 where halves were rounded
   * to whole steps. The most frequent place of the first rows; 0 where a feature is not rounded.
   */
  static double[] origins(Dataset train) {
    List<Column> features = train.schema().features();
    Matrix x = train.rows().features();
    int rows = Math.min(ORIGIN_ROWS, x.rows());
    double[] out = new double[features.size()];
    for (int j = 0; j < out.length; j++) {
      double step = Dequantiser.step(features.get(j)).orElse(0);
      Map<Long, Integer> counts = new TreeMap<>();
      for (int i = 0; i < rows && step > 0; i++) {
        double place = x.get(i, j) / step;
        counts.merge(Math.floorMod(Math.round(place * GRAIN), GRAIN), 1, Integer::sum);
      }
      long most =
          counts.entrySet().stream()
              .max(Map.Entry.comparingByValue())
              .map(Map.Entry::getKey)
              .orElse(0L);
      out[j] = step * most / GRAIN;
    }
    return out;
  }

  /**
   * The steps of a table.
   *
   * @param origins of {@link #origins}
   * @throws ThalwegException exit code 2 where a feature is not rounded
   */
  static Steps of(Schema schema, Standardiser standardiser, double[] origins) {
    List<Column> features = schema.features();
    for (Column column : features) {
      if (!straight(column)) {
        throw ThalwegException.usage(
            "dequantise=variational takes tables whose features are all rounded and unbounded; "
                + "column '%s' is not. Declare its resolution, or leave dequantise=uniform.",
            column.name());
      }
    }
    double[] steps =
        features.stream().map(Dequantiser::step).mapToDouble(OptionalDouble::getAsDouble).toArray();
    int d = steps.length;
    double[] ones = new double[d];
    Arrays.fill(ones, 1);
    double[] slopes = standardiser.scores(Matrix.zeros(1, d), ones).values();
    return new Steps(steps, origins, slopes);
  }

  int dimension() {
    return steps.length;
  }

  /** Rows put back to the middle of the box that they lie in, however they were spread. */
  Matrix rounded(Matrix x) {
    double[] out = new double[x.values().length];
    for (int i = 0; i < out.length; i++) {
      int j = i % steps.length;
      out[i] = origins[j] + steps[j] * Math.rint((x.values()[i] - origins[j]) / steps[j]);
    }
    return new Matrix(x.rows(), x.columns(), out);
  }

  /** The length of column j's step in standardised units. */
  double width(int j) {
    return steps[j] * slopes[j];
  }

  /** The logarithm of a box's volume in standardised units. */
  double logVolume() {
    double sum = 0;
    for (int j = 0; j < steps.length; j++) {
      sum += Math.log(width(j));
    }
    return sum;
  }
}
