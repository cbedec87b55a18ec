package org.thalweg.app.fit;

import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * How a column was rounded.
 *
 * @param step the largest power of ten of which at least {@link #MOST} of the values are multiples,
 *     in the column's unit; empty where there is none
 * @param share the fraction of the values other than 0 that are multiples of it
 * @param repeated the fraction of the values that are equal to an earlier one
 */
public record Rounding(OptionalDouble step, double share, double repeated) {
  /**
   * Published tables mix precisions: averages and sharper readings stand between values of the
   * usual step. Of values of a finer step, one in ten is a multiple of a given one by chance.
   */
  static final double MOST = 0.9;

  /** Beyond these powers of ten, rounding is that of the floating-point format. */
  private static final int COARSEST = 9;

  private static final int FINEST = -12;

  /** Values in single precision are multiples up to its own rounding. */
  private static final double RELATIVE = 1e-7;

  /** Looks at a column's values. */
  public static Rounding of(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int equal = 0;
    for (int i = 1; i < sorted.length; i++) {
      equal += sorted[i] == sorted[i - 1] ? 1 : 0;
    }
    double repeated = (double) equal / Math.max(1, values.length);
    for (int power = COARSEST; power >= FINEST; power--) {
      double share = share(values, power);
      if (share >= MOST) {
        return new Rounding(OptionalDouble.of(Math.pow(10, power)), share, repeated);
      }
    }
    return new Rounding(OptionalDouble.empty(), 0, repeated);
  }

  /** Zeros say nothing: they are multiples of every step. */
  private static double share(double[] values, int power) {
    // Dividing by a power of ten above 1 is exact where multiplying by one below is not.
    double step = Math.pow(10, power);
    double inverse = Math.pow(10, -power);
    int multiples = 0;
    int counted = 0;
    for (double value : values) {
      if (value == 0) {
        continue;
      }
      counted++;
      double quotient = power < 0 ? value * inverse : value / step;
      double nearest = Math.rint(quotient);
      double distance = Math.abs(quotient - nearest);
      double slack = RELATIVE * Math.abs(quotient);
      // Where the slack nears the step itself, every value would pass.
      multiples += nearest != 0 && slack < 0.01 && distance <= slack + 1e-9 ? 1 : 0;
    }
    return (double) multiples / Math.max(1, counted);
  }
}
