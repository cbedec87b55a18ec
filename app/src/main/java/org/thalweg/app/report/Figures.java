package org.thalweg.app.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers as a reader wants them. */
final class Figures {
  private static final MathContext DIGITS = new MathContext(4);

  private Figures() {}

  /** With four significant digits. */
  static String number(double value) {
    if (!Double.isFinite(value)) {
      return "-";
    }
    BigDecimal rounded = new BigDecimal(value).round(DIGITS).stripTrailingZeros();
    return Math.abs(value) < 1e7
        ? rounded.setScale(Math.max(0, rounded.scale())).toString()
        : rounded.toString();
  }

  /** A p-value. */
  static String probability(double value) {
    return value < 1e-4 ? "below 0.0001" : String.format(Locale.ROOT, "%.4f", value);
  }

  /** A count, with its digits in threes. */
  static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** A fraction in per cent. */
  static String percent(double fraction) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * fraction);
  }
}
