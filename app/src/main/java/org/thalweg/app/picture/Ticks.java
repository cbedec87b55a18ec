package org.thalweg.app.picture;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/** Round numbers inside a range: multiples of 1, 2 or 5 times a power of ten. */
final class Ticks {
  private static final double[] STEPS = {1, 2, 5, 10};

  private Ticks() {}

  /** The multiples of the smallest step that gives at most {@code most} intervals. */
  static double[] of(double low, double high, int most) {
    double rough = (high - low) / most;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double step = power * STEPS[STEPS.length - 1];
    for (double candidate : STEPS) {
      if (candidate * power >= rough * (1 - 1e-9)) {
        step = candidate * power;
        break;
      }
    }
    List<Double> out = new ArrayList<>();
    for (double k = Math.ceil(low / step - 1e-9); k <= high / step + 1e-9; k++) {
      out.add(k * step);
    }
    return out.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** A tick as text, without the noise of binary fractions. */
  static String label(double tick) {
    BigDecimal rounded = new BigDecimal(tick).round(new MathContext(10)).stripTrailingZeros();
    boolean plain = Math.abs(tick) < 1e6 && (tick == 0 || Math.abs(tick) >= 1e-4);
    return plain ? rounded.toPlainString() : rounded.toString();
  }
}
