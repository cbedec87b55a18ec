package org.thalweg.dnf;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Splitter;
import org.thalweg.toolkit.train.Workers;

/**
 * The dimension of the set that rows lie on, from the ratio of the distances of each row's two
 * nearest neighbours, which has the distribution function 1 - ratio^-d (Facco and others, 2017).
 */
public final class IntrinsicDimension {
  /** The ratios that are not fitted: the largest, which the density's changes rule. */
  private static final double DISCARDED = 0.1;

  private static final int MOST_ROWS = 4000;

  /** Rows of one task. */
  private static final int TASK = 256;

  private IntrinsicDimension() {}

  /**
   * The estimate.
   *
   * @param rows at least 10 distinct ones; of many, some are taken
   * @param workers what computes; the estimate does not depend on their number
   * @throws ThalwegException exit code 2 for fewer
   */
  public static double estimate(Matrix rows, Seed seed, Workers workers) {
    int[] some = Arrays.stream(Splitter.shuffled(rows.rows(), seed)).limit(MOST_ROWS).toArray();
    Matrix x = rows.select(some);
    double[] logRatios =
        workers.map((x.rows() + TASK - 1) / TASK, i -> logRatios(x, i)).stream()
            .flatMapToDouble(Arrays::stream)
            .filter(Double::isFinite)
            .sorted()
            .toArray();
    if (logRatios.length < 10) {
      throw ThalwegException.usage(
          "Of %d rows, %d have two distinct neighbours: too few to estimate the manifold's"
              + " dimension from. Give it: --set dimension=2.",
          rows.rows(), logRatios.length);
    }
    // A line through the origin, fitted to -log(1 - F) over the logarithms of the ratios.
    double products = 0;
    double squares = 0;
    int n = logRatios.length;
    for (int i = 0; i < (1 - DISCARDED) * n; i++) {
      double survival = -Math.log1p(-(i + 1.0) / (n + 1.0));
      products += logRatios[i] * survival;
      squares += logRatios[i] * logRatios[i];
    }
    return products / squares;
  }

  private static double[] logRatios(Matrix x, int task) {
    return IntStream.range(task * TASK, Math.min(x.rows(), (task + 1) * TASK))
        .mapToDouble(i -> logRatio(x, i))
        .toArray();
  }

  /** log r2 / r1 of a row; NaN where rows coincide. */
  private static double logRatio(Matrix x, int row) {
    double first = Double.POSITIVE_INFINITY;
    double second = Double.POSITIVE_INFINITY;
    int d = x.columns();
    double[] values = x.values();
    for (int i = 0; i < x.rows(); i++) {
      if (i == row) {
        continue;
      }
      double sum = 0;
      for (int j = 0; j < d && sum < second; j++) {
        double difference = values[row * d + j] - values[i * d + j];
        sum += difference * difference;
      }
      if (sum < first) {
        second = first;
        first = sum;
      } else if (sum < second) {
        second = sum;
      }
    }
    return first > 0 ? 0.5 * Math.log(second / first) : Double.NaN;
  }
}
