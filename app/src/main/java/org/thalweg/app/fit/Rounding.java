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

  /** A multiple is one up to the rounding of the floating-point format. */
  private static final double DOUBLE_PRECISION = 1e-13;

  private static final double SINGLE_PRECISION = 1e-7;

  /** Looks at a column's values. */
  public static Rounding of(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int equal = 0;
    for (int i = 1; i < sorted.length; i++) {
      equal += sorted[i] == sorted[i - 1] ? 1 : 0;
    }
    double repeated = (double) equal / Math.max(1, values.length);
    boolean single = Arrays.stream(values).allMatch(v -> (float) v == v || Double.isNaN(v));
    double relative = single ? SINGLE_PRECISION : DOUBLE_PRECISION;
    for (int power = COARSEST; power >= FINEST; power--) {
      double share = share(values, power, relative);
      if (share >= MOST) {
        return new Rounding(OptionalDouble.of(powerOfTen(power)), share, repeated);
      }
    }
    return new Rounding(OptionalDouble.empty(), 0, repeated);
  }

  /** Zeros say nothing: they are multiples of every step. Nor do missing values. */
  private static double share(double[] values, int power, double relative) {
    // Dividing by a power of ten above 1 is exact where multiplying by one below is not.
    double step = powerOfTen(power);
    double inverse = powerOfTen(-power);
    int multiples = 0;
    int counted = 0;
    for (double value : values) {
      if (value == 0 || Double.isNaN(value)) {
        continue;
      }
      counted++;
      double quotient = power < 0 ? value * inverse : value / step;
      double nearest = Math.rint(quotient);
      double distance = Math.abs(quotient - nearest);
      double slack = relative * Math.abs(quotient);
      // Where the slack nears the step itself, every value would pass.
      multiples += nearest != 0 && slack < 0.01 && distance <= slack ? 1 : 0;
    }
    return (double) multiples / Math.max(1, counted);
  }

  /** The number nearest to it, which {@code Math.pow} need not give. */
  private static double powerOfTen(int power) {
    return Double.parseDouble("1e" + power);
  }
}
