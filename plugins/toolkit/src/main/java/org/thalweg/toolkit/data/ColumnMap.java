package org.thalweg.toolkit.data;

import java.util.LinkedHashMap;
import java.util.Map;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Kind;
import org.thalweg.api.data.Role;
import org.thalweg.api.error.ThalwegException;

/**
 * The increasing map of one column to about zero mean and unit variance.
 *
 * @param kind the set the column's values lie in
 * @param edge where a value at a bound is taken to lie, as a distance inside: the middle of the
 *     half step it was rounded from. 0 for columns that are not rounded, whose bounds are open
 * @param centre for an angle, the direction opposite the cut; 0 otherwise
 * @param shift the mean, after the logit where there is one
 * @param scale the standard deviation, after the logit where there is one
 */
record ColumnMap(Kind kind, double edge, double centre, double shift, double scale) {
  /**
   * Beyond this many standard deviations a value is taken as if it lay here. Densities are to be
   * finite over the whole line in single precision, and a stack of layers multiplies what it gets.
   */
  static final double FAR = 1e4;

  /** The map fitted to a column's training values. */
  static ColumnMap fit(Column column, double[] values) {
    double centre = column.kind() instanceof Kind.Angle ? circularMean(values) : 0;
    ColumnMap raw = unscaled(column, centre);
    double mean = 0;
    for (int i = 0; i < values.length; i++) {
      mean += (raw.unbounded(values[i]) - mean) / (i + 1);
    }
    double sum = 0;
    for (double value : values) {
      double d = raw.unbounded(value) - mean;
      sum += d * d;
    }
    double sd = Math.sqrt(sum / Math.max(1, values.length - 1));
    if (!(sd > Math.abs(mean) * 1e-13) || sd == 0) {
      throw ThalwegException.usage(
          "Column '%s' is constant (%s) in the training rows: %s. Leave it out.",
          column.name(),
          values.length == 0 ? "no rows" : Double.toString(values[0]),
          column.role() == Role.CONTEXT
              ? "nothing can be learned from a constant context"
              : "there is no density over a constant");
    }
    return new ColumnMap(column.kind(), raw.edge, centre, mean, sd);
  }

  /** The map before its shift and scale are known. */
  static ColumnMap unscaled(Column column, double centre) {
    return new ColumnMap(column.kind(), edge(column), centre, 0, 1);
  }

  /** The same map with a shift and a scale above 0. */
  ColumnMap with(double newShift, double newScale) {
    return new ColumnMap(kind, edge, centre, newShift, newScale);
  }

  private static double edge(Column column) {
    double step = Dequantiser.step(column).orElse(0);
    return column.kind() instanceof Kind.Bounded b
        ? Math.min(step / 4, (b.high() - b.low()) / 4)
        : 0;
  }

  /** Whether the map takes a value. */
  boolean accepts(double value) {
    if (kind instanceof Kind.Bounded b) {
      boolean open = edge == 0;
      return open ? value > b.low() && value < b.high() : value >= b.low() && value <= b.high();
    }
    return Double.isFinite(value);
  }

  /** Standardises a value that is accepted. */
  double forward(double value) {
    return Math.max(-FAR, Math.min(FAR, (unbounded(value) - shift) / scale));
  }

  /** log |d forward / d value|, in nats. */
  double logDerivative(double value) {
    double inner = 0;
    if (width() < Double.POSITIVE_INFINITY) {
      double u = fraction(value);
      inner = -Math.log(width()) - Math.log(u) - Math.log1p(-u);
    }
    return inner - Math.log(scale);
  }

  /** d log |d forward / d value| / d value. */
  double logDerivativeSlope(double value) {
    if (width() == Double.POSITIVE_INFINITY) {
      return 0;
    }
    double u = fraction(value);
    return (1 / (1 - u) - 1 / u) / width();
  }

  /** The value in the column's unit; strictly inside the bounds. */
  double inverse(double standardised) {
    double t = standardised * scale + shift;
    if (width() == Double.POSITIVE_INFINITY) {
      return t;
    }
    double value = low() + width() / (1 + Math.exp(-t));
    if (kind instanceof Kind.Bounded b) {
      return Math.max(Math.nextUp(b.low()), Math.min(Math.nextDown(b.high()), value));
    }
    return Math.IEEEremainder(value, 2 * Math.PI);
  }

  /** As it stands in a model file. */
  Map<String, Object> toMap() {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("centre", centre);
    out.put("shift", shift);
    out.put("scale", scale);
    return out;
  }

  /** As it was read from a model file. */
  static ColumnMap of(Column column, Map<?, ?> map) {
    double[] numbers = new double[3];
    String[] names = {"centre", "shift", "scale"};
    for (int i = 0; i < 3; i++) {
      if (!(map.get(names[i]) instanceof Number number) || !Double.isFinite(number.doubleValue())) {
        throw ThalwegException.data("The model file's standardisation lacks '%s'.", names[i]);
      }
      numbers[i] = number.doubleValue();
    }
    if (!(numbers[2] > 0)) {
      throw ThalwegException.data("The model file's standardisation has scale %s.", numbers[2]);
    }
    return new ColumnMap(column.kind(), edge(column), numbers[0], numbers[1], numbers[2]);
  }

  private double unbounded(double value) {
    if (width() == Double.POSITIVE_INFINITY) {
      return value;
    }
    double u = fraction(value);
    return Math.log(u) - Math.log1p(-u);
  }

  /** The position between the bounds; an angle is cut opposite its centre. */
  private double fraction(double value) {
    double x =
        kind instanceof Kind.Angle
            ? Math.IEEEremainder(value - centre, 2 * Math.PI) + centre
            : value;
    double inside =
        kind instanceof Kind.Bounded b && edge > 0
            ? x <= b.low() ? b.low() + edge : x >= b.high() ? b.high() - edge : x
            : x;
    return Math.max(1e-15, Math.min(1 - 1e-15, (inside - low()) / width()));
  }

  private double low() {
    return kind instanceof Kind.Bounded b ? b.low() : centre - Math.PI;
  }

  private double width() {
    if (kind instanceof Kind.Bounded b) {
      return b.high() - b.low();
    }
    return kind instanceof Kind.Angle ? 2 * Math.PI : Double.POSITIVE_INFINITY;
  }

  private static double circularMean(double[] values) {
    double sin = 0;
    double cos = 0;
    for (double value : values) {
      sin += Math.sin(value);
      cos += Math.cos(value);
    }
    return Math.atan2(sin, cos);
  }
}
