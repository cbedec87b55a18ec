package org.thalweg.diffusion;

import java.util.SplittableRandom;
import org.thalweg.api.random.Seed;

/** The directions in which a divergence is looked at. */
sealed interface Directions {
  /** The number of values that come out for each row. */
  int estimates();

  /** Every axis: the sum is the divergence. */
  record Axes(int dimension) implements Directions {
    @Override
    public int estimates() {
      return 1;
    }

    /** A one for each axis, {@code [D, 1, D]}. */
    double[] values() {
      double[] out = new double[dimension * dimension];
      for (int j = 0; j < dimension; j++) {
        out[j * dimension + j] = 1;
      }
      return out;
    }
  }

  /**
   * Random directions v with E[v v'] = I: v' J v has the divergence for its mean (Hutchinson 1990;
   * Skilling 1989). A row keeps its directions along its whole way.
   *
   * @param estimates K, the directions of a row
   * @param dimension D
   * @param values {@code [N, K, D]}
   */
  record Random(int estimates, int dimension, double[] values) implements Directions {
    /** The directions of some rows, {@code [K, rows, D]}. */
    double[] select(int[] rows) {
      double[] out = new double[estimates * rows.length * dimension];
      for (int k = 0; k < estimates; k++) {
        for (int i = 0; i < rows.length; i++) {
          System.arraycopy(
              values,
              (rows[i] * estimates + k) * dimension,
              out,
              (k * rows.length + i) * dimension,
              dimension);
        }
      }
      return out;
    }
  }

  /**
   * One random direction for each place of a batch, whatever row stands there: a row that stands at
   * several has independent estimates of a divergence, whose spread is their error.
   *
   * @param values {@code [places, D]}
   */
  record Fresh(double[] values) implements Directions {
    @Override
    public int estimates() {
      return 1;
    }

    /** Random signs, so many places for each of N rows, each row from a stream of its own. */
    static Fresh signs(int each, int dimension, int from, int rows, Seed seed) {
      return new Fresh(
          Directions.random(Law.RADEMACHER, each, dimension, from, rows, seed).values());
    }
  }

  /** How random directions are drawn. */
  enum Law {
    /** Signs: exact where the Jacobian is diagonal. */
    RADEMACHER,
    /** Normal numbers. */
    GAUSSIAN
  }

  /** Random directions of N rows, each from a stream of its own. */
  static Random random(Law law, int estimates, int dimension, int from, int rows, Seed seed) {
    double[] values = new double[rows * estimates * dimension];
    int size = estimates * dimension;
    for (int i = 0; i < rows; i++) {
      SplittableRandom random = seed.child(from + i).generator();
      for (int j = i * size; j < (i + 1) * size; j++) {
        values[j] = law == Law.GAUSSIAN ? random.nextGaussian() : random.nextBoolean() ? 1.0 : -1.0;
      }
    }
    return new Random(estimates, dimension, values);
  }
}
