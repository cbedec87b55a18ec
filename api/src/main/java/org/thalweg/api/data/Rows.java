package org.thalweg.api.data;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.thalweg.api.error.ThalwegException;

/**
 * Rows of a table as a model takes them, in the user's units.
 *
 * @param features {@code [N, D]}
 * @param context {@code [N, C]}, with C = 0 where the model is unconditional
 * @param noise the measurement errors of the features
 * @param weights {@code N} finite, non-negative weights, or empty for equal ones
 * @param labels {@code N} classes counted from 0 (-1: unknown), or empty
 * @param numbers {@code N} numbers of the rows in the user's table, counted from 1 without the line
 *     of names, or empty where they are all of it in order
 */
public record Rows(
    Matrix features,
    Matrix context,
    Noise noise,
    Optional<double[]> weights,
    Optional<int[]> labels,
    Optional<long[]> numbers) {
  /** Refuses parts of unequal length and weights that are none. */
  public Rows {
    int n = features.rows();
    boolean fits =
        context.rows() == n
            && weights.map(w -> w.length == n).orElse(true)
            && labels.map(l -> l.length == n).orElse(true)
            && numbers.map(r -> r.length == n).orElse(true)
            && !(noise instanceof Noise.Diagonal d && d.standardDeviations().rows() != n)
            && !(noise instanceof Noise.Full f && f.covariances().rows() != n);
    if (!fits) {
      throw ThalwegException.usage(
          "Features, context, noise, weights, labels and numbers differ in rows.");
    }
    double[] given = weights.orElse(new double[0]);
    for (int i = 0; i < given.length; i++) {
      if (!(given[i] >= 0 && given[i] < Double.POSITIVE_INFINITY)) {
        throw ThalwegException.usage(
            "The weight of row %d is %s; weights are finite and not negative.", i + 1, given[i]);
      }
    }
  }

  /** Rows that are all of a table, in order. */
  public Rows(
      Matrix features,
      Matrix context,
      Noise noise,
      Optional<double[]> weights,
      Optional<int[]> labels) {
    this(features, context, noise, weights, labels, Optional.empty());
  }

  /** Features alone. */
  public static Rows of(Matrix features) {
    return of(features, Matrix.zeros(features.rows(), 0));
  }

  /** Features with a context. */
  public static Rows of(Matrix features, Matrix context) {
    return new Rows(features, context, Noise.NONE, Optional.empty(), Optional.empty());
  }

  /** The number of rows. */
  public int size() {
    return features.rows();
  }

  /** The number of a row in the user's table, counted from 1: what a message names it by. */
  public long number(int row) {
    return numbers.isPresent() ? numbers.get()[row] : row + 1L;
  }

  /** The same rows under other numbers. */
  public Rows numbered(long[] others) {
    return new Rows(features, context, noise, weights, labels, Optional.of(others));
  }

  /** The same rows, of which the first has a number and the others those that follow. */
  public Rows numberedFrom(long first) {
    return numbered(LongStream.range(first, first + size()).toArray());
  }

  /** The same rows with other features. */
  public Rows withFeatures(Matrix others) {
    return new Rows(others, context, noise, weights, labels, numbers);
  }

  /** Some rows, in the order given. */
  public Rows select(int[] indices) {
    return new Rows(
        features.select(indices),
        context.select(indices),
        noise.select(indices),
        weights.map(w -> Arrays.stream(indices).mapToDouble(i -> w[i]).toArray()),
        labels.map(l -> Arrays.stream(indices).map(i -> l[i]).toArray()),
        Optional.of(Arrays.stream(indices).mapToLong(this::number).toArray()));
  }

  /** The rows {@code from} (inclusive) to {@code to} (exclusive). */
  public Rows slice(int from, int to) {
    return select(IntStream.range(from, to).toArray());
  }
}
