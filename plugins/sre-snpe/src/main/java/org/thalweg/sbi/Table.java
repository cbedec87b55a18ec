package org.thalweg.sbi;

import java.util.Arrays;
import org.thalweg.api.data.Matrix;
import org.thalweg.sbi.run.Simulations;

/**
 * Simulations as nets see them.
 *
 * @param points {@code N * dimension} numbers
 * @param observations {@code N * size} numbers, scaled
 * @param logPrior the prior's log-density of each point, in nats
 * @param dimension the numbers in a point
 * @param size the numbers in an observation
 * @param rounds the round of each
 */
record Table(
    double[] points,
    double[] observations,
    double[] logPrior,
    int dimension,
    int size,
    int[] rounds) {
  static Table of(Simulations.Used used, ParameterSpace space, ObservationScale scale) {
    double[] points = space.points(used.parameters());
    return new Table(
        points,
        scale.apply(used.data()),
        space.logPrior(points),
        space.dimension(),
        scale.size(),
        used.rounds());
  }

  /** N. */
  int rows() {
    return rounds.length;
  }

  /** The points of some rows, one after another. */
  double[] points(int[] rows) {
    return gather(points, dimension, rows);
  }

  /** The observations of some rows, one after another. */
  double[] observations(int[] rows) {
    return gather(observations, size, rows);
  }

  /** Some rows as a table. */
  Table select(int[] rows) {
    double[] prior = new double[rows.length];
    int[] of = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      prior[i] = logPrior[rows[i]];
      of[i] = rounds[rows[i]];
    }
    return new Table(points(rows), observations(rows), prior, dimension, size, of);
  }

  /** This one's rows and then another's. */
  Table and(Table other) {
    int[] all = Arrays.copyOf(rounds, rows() + other.rows());
    System.arraycopy(other.rounds, 0, all, rows(), other.rows());
    return new Table(
        joined(points, other.points),
        joined(observations, other.observations),
        joined(logPrior, other.logPrior),
        dimension,
        size,
        all);
  }

  private static double[] joined(double[] first, double[] second) {
    double[] out = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, out, first.length, second.length);
    return out;
  }

  private static double[] gather(double[] values, int columns, int[] rows) {
    return new Matrix(values.length / columns, columns, values).select(rows).values();
  }
}
