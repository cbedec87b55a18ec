package org.thalweg.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Kind;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Noise;
import org.thalweg.api.data.Role;
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

  /** The plane, seen through errors that are small for every other row and large for the rest. */
  static Dataset noisy(Role role) {
    SplittableRandom random = new SplittableRandom(34);
    double[] x = plane().rows().features().values().clone();
    boolean full = role == Role.NOISE_COV;
    int width = full ? 4 : 2;
    double[] errors = new double[width * ROWS];
    for (int i = 0; i < ROWS; i++) {
      double deviation = i % 2 == 0 ? 0.1 : 1;
      for (int j = 0; j < 2; j++) {
        x[2 * i + j] += deviation * random.nextGaussian();
        errors[i * width + (full ? 3 * j : j)] = full ? deviation * deviation : deviation;
      }
    }
    List<Column> columns = new ArrayList<>(Schema.features(2).columns());
    for (int j = 0; j < width; j++) {
      columns.add(new Column("e" + j, role, Kind.REAL, OptionalDouble.empty()));
    }
    Matrix given = new Matrix(ROWS, width, errors);
    Noise noise = full ? new Noise.Full(given) : new Noise.Diagonal(given);
    return new Dataset(new Schema(columns), withNoise(Rows.of(new Matrix(ROWS, 2, x)), noise));
  }

  /** The same rows with the errors of their neighbours. */
  static Rows exchanged(Rows noisy) {
    int[] neighbours = IntStream.range(0, noisy.size()).map(i -> i ^ 1).toArray();
    return withNoise(noisy, noisy.noise().select(neighbours));
  }

  private static Rows withNoise(Rows rows, Noise noise) {
    return new Rows(rows.features(), rows.context(), noise, Optional.empty(), Optional.empty());
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
