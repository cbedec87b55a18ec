package org.thalweg.sbi.calibration;

import java.util.Arrays;
import org.thalweg.api.data.Matrix;

/** Units in which columns of different kinds can be compared. */
final class Scales {
  private Scales() {}

  static double[] deviations(Matrix rows) {
    double[] out = new double[rows.columns()];
    for (int j = 0; j < out.length; j++) {
      double[] column = rows.column(j);
      double mean = Arrays.stream(column).average().orElseThrow();
      double sum = Arrays.stream(column).map(x -> (x - mean) * (x - mean)).sum();
      out[j] = sum > 0 ? Math.sqrt(sum / (column.length - 1)) : 1;
    }
    return out;
  }

  static double[] medians(Matrix rows) {
    double[] out = new double[rows.columns()];
    for (int j = 0; j < out.length; j++) {
      out[j] = quantile(sorted(rows, j), 0.5);
    }
    return out;
  }

  /**
   * Half the range that holds the middle 68 %: the standard deviation of a normal column, and not
   * much moved by a few wild simulations. A column that hardly varies has that of its rest.
   */
  static double[] robust(Matrix rows) {
    double[] deviations = deviations(rows);
    double[] out = new double[rows.columns()];
    for (int j = 0; j < out.length; j++) {
      double[] sorted = sorted(rows, j);
      double half = (quantile(sorted, 0.8413) - quantile(sorted, 0.1587)) / 2;
      out[j] = half > 0 ? half : deviations[j];
    }
    return out;
  }

  static double squaredDistance(Matrix a, int i, Matrix b, int j, double[] scale) {
    double sum = 0;
    for (int k = 0; k < scale.length; k++) {
      double z = (a.get(i, k) - b.get(j, k)) / scale[k];
      sum += z * z;
    }
    return sum;
  }

  private static double[] sorted(Matrix rows, int column) {
    double[] out = rows.column(column);
    Arrays.sort(out);
    return out;
  }

  private static double quantile(double[] sorted, double q) {
    double position = q * (sorted.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }
}
