package org.thalweg.tck;

import java.util.List;
import java.util.SplittableRandom;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.data.Schema;

/** Generated tables that an estimator is fitted to. */
final class Tables {
  private static final int ROWS = 800;

  private Tables() {}

  /** One column with two humps, in units far from standard ones. */
  static Dataset line() {
    SplittableRandom random = new SplittableRandom(31);
    double[] x = new double[ROWS];
    for (int i = 0; i < ROWS; i++) {
      double hump =
          random.nextBoolean() ? -2 + 0.5 * random.nextGaussian() : 1.5 + random.nextGaussian();
      x[i] = 100 + 20 * hump;
    }
    return Dataset.of(new Matrix(ROWS, 1, x));
  }

  /** Two columns on a noisy parabola. */
  static Dataset plane() {
    SplittableRandom random = new SplittableRandom(32);
    double[] x = new double[2 * ROWS];
    for (int i = 0; i < ROWS; i++) {
      x[2 * i] = random.nextGaussian();
      x[2 * i + 1] = 0.5 * x[2 * i] * x[2 * i] + 0.5 * random.nextGaussian();
    }
    return Dataset.of(new Matrix(ROWS, 2, x));
  }

  /** Two features about 3 c and -c with standard deviations of 1 and 0.5, given the context c. */
  static Dataset conditional() {
    SplittableRandom random = new SplittableRandom(33);
    double[] x = new double[2 * ROWS];
    double[] c = new double[ROWS];
    for (int i = 0; i < ROWS; i++) {
      c[i] = random.nextGaussian();
      x[2 * i] = 3 * c[i] + random.nextGaussian();
      x[2 * i + 1] = -c[i] + 0.5 * random.nextGaussian();
    }
    Schema schema =
        new Schema(List.of(Column.feature("x"), Column.feature("y"), Column.context("c")));
    return new Dataset(schema, Rows.of(new Matrix(ROWS, 2, x), new Matrix(ROWS, 1, c)));
  }
}
