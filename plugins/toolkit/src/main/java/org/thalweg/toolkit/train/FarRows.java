package org.thalweg.toolkit.train;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Finds out whether a mean of log-densities is that of a few rows far out. */
final class FarRows {
  /** A mean below all but this fraction of its terms says nothing of most rows. */
  private static final double FEW = 0.05;

  /** Of fewer rows, a twentieth is one row or none. */
  private static final int LEAST = 40;

  private FarRows() {}

  /**
   * What to say of a mean that few rows rule; empty for any other.
   *
   * @param part whose rows they are, such as {@code train}
   * @param mean the mean of the values
   * @param values log-densities, in nats
   */
  static Optional<String> warning(String part, double mean, double[] values) {
    long below = Arrays.stream(values).filter(value -> value < mean).count();
    if (values.length < LEAST || below == 0 || below >= FEW * values.length) {
      return Optional.empty();
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return Optional.of(
        String.format(
            Locale.ROOT,
            "%d of %d %s rows lie so far out that the mean log-density, %.5g, is theirs; the "
                + "median is %.5g. Train longer, or use a density with heavier tails, such as a "
                + "flow with --set base=student-t.",
            below,
            values.length,
            part,
            mean,
            sorted[sorted.length / 2]));
  }
}
