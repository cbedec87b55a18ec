package org.thalweg.vi;

import java.util.List;
import java.util.OptionalDouble;

/** Whether a lower bound had settled when training ended. */
final class Settling {
  /** The share of the steps at the end over which a settled bound hardly rises. */
  private static final double LAST = 0.1;

  /** In nats: a rise of the best bound by more says that there was more to gain. */
  static final double HARDLY = 0.02;

  private Settling() {}

  /**
   * By how much the best bound so far rose over the last tenth of the steps; empty where none was
   * judged before it.
   *
   * @param history one row a judgement: step, mean of minus the loss, bound in nats
   * @param steps how many were taken
   */
  static OptionalDouble rise(List<double[]> history, long steps) {
    double before = best(history, (1 - LAST) * steps);
    double end = best(history, steps);
    return Double.isFinite(before) ? OptionalDouble.of(end - before) : OptionalDouble.empty();
  }

  private static double best(List<double[]> history, double until) {
    return history.stream()
        .filter(row -> row[0] <= until)
        .mapToDouble(row -> row[2])
        .max()
        .orElse(Double.NEGATIVE_INFINITY);
  }
}
