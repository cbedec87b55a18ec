package org.thalweg.app.report;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.thalweg.api.data.Matrix;

/**
 * The pair of columns that depend on each other most.
 *
 * @param correlation Pearson's correlation of the pair, -1 to 1
 * @param first one column, counted from 0
 * @param second the other
 */
public record Dependence(double correlation, int first, int second) {
  /** Pairs grow with the square of the columns; more are not looked at. */
  static final int MOST_COLUMNS = 200;

  /** The largest correlation of two columns, of at least two. */
  static Dependence ofValues(Matrix rows) {
    return largest(rows, v -> v);
  }

  /** The same of their squares, which shows dependence without correlation. */
  static Dependence ofSquares(Matrix rows) {
    return largest(rows, v -> v * v);
  }

  private static Dependence largest(Matrix rows, DoubleUnaryOperator of) {
    int d = Math.min(MOST_COLUMNS, rows.columns());
    double[][] standardised = new double[d][];
    for (int j = 0; j < d; j++) {
      standardised[j] = standardised(rows.column(j), of);
    }
    Dependence out = new Dependence(0, 0, 1);
    for (int j = 0; j < d; j++) {
      for (int k = j + 1; k < d; k++) {
        double sum = 0;
        for (int i = 0; i < rows.rows(); i++) {
          sum += standardised[j][i] * standardised[k][i];
        }
        if (Math.abs(sum) > Math.abs(out.correlation())) {
          out = new Dependence(sum, j, k);
        }
      }
    }
    return out;
  }

  /** With mean 0 and a sum of squares of 1; a constant becomes zeros. */
  private static double[] standardised(double[] values, DoubleUnaryOperator of) {
    double[] out = Arrays.stream(values).map(of).toArray();
    Moments moments = Moments.of(out);
    double norm = moments.standardDeviation() * Math.sqrt(out.length - 1.0);
    for (int i = 0; i < out.length; i++) {
      out[i] = norm > 0 ? (out[i] - moments.mean()) / norm : 0;
    }
    return out;
  }
}
