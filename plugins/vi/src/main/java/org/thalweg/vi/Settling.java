package org.thalweg.vi;

import java.util.List;
import java.util.OptionalDouble;
import org.thalweg.toolkit.train.Training;

/**
 * Whether a lower bound had settled when training ended: by how much it rose over the last tenth of
 * the way, which is the sum of the step sizes. Where they fall to 0 as a cosine, the last tenth of
 * the steps is hardly any of it, and every bound would seem settled; the last two fifths are.
 */
final class Settling {
  /** The share of the steps before the last tenth of the way, where all are alike. */
  private static final double OF_EQUAL_STEPS = 0.9;

  /** The same under a cosine: where (1 - t) - sin(pi t) / pi is a tenth. */
  private static final double OF_COSINE = 0.6;

  /** In nats: a rise by more says that there was more to gain, about as much again. */
  static final double HARDLY = 0.02;

  private Settling() {}

  /**
   * By how much the best bound so far rose over the last tenth of the way; empty where none was
   * judged before it.
   *
   * @param history one row a judgement: step, mean of minus the loss, bound in nats
   * @param steps how many were taken
   * @param schedule how the step sizes fall
   */
  static OptionalDouble rise(List<double[]> history, long steps, Training.Schedule schedule) {
    boolean cosine = schedule == Training.Schedule.COSINE;
    double before = best(history, (cosine ? OF_COSINE : OF_EQUAL_STEPS) * steps);
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
