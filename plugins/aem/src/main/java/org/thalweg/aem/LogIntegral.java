package org.thalweg.aem;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * The logarithm of an integral of exp(f), by the trapezoid rule in log space with one step of
 * Richardson's extrapolation. Each panel between two given ends is halved until two refinements
 * agree that it is settled, so that work goes where the mass is.
 */
final class LogIntegral {
  /** Intervals of a fresh panel. No two rules of fewer agree. */
  private static final int FIRST = 4;

  private static final double NONE = Double.NEGATIVE_INFINITY;

  private final UnaryOperator<double[]> log;
  private final double[] ends;
  private final double tolerance;
  private final int atOnce;
  private final Panel[] panels;
  private double left = Double.POSITIVE_INFINITY;
  private int points;

  /**
   * An integral.
   *
   * @param log f at many points
   * @param ends of the panels, ascending
   * @param tolerance of the result, in nats
   * @param atOnce the most points that f is asked for at once
   */
  LogIntegral(UnaryOperator<double[]> log, double[] ends, double tolerance, int atOnce) {
    this.log = log;
    this.ends = ends;
    this.tolerance = tolerance;
    this.atOnce = atOnce;
    this.panels = new Panel[ends.length - 1];
  }

  /** The rules of one panel: by trapezoids, and extrapolated; the latter's last change. */
  private static final class Panel {
    private final double low;
    private final double width;
    private int intervals = 1;
    private double trapezoid;
    private double value;
    private double change = Double.POSITIVE_INFINITY;
    private int agreed;

    Panel(double low, double high, double logLow, double logHigh) {
      this.low = low;
      this.width = high - low;
      this.trapezoid = add(logLow, logHigh) + Math.log(width / 2);
      this.value = trapezoid;
    }

    double[] midpoints() {
      double[] out = new double[intervals];
      Arrays.setAll(out, i -> low + width * (i + 0.5) / intervals);
      return out;
    }

    void refine(double[] atMidpoints) {
      double sum = sum(atMidpoints) + Math.log(width / intervals);
      double finer = add(trapezoid, sum) - Math.log(2);
      // (4 finer - coarse) / 3, which is at least finer / 3 of what is positive.
      double ratio = Math.exp(trapezoid - finer);
      double next = finer + Math.log(Math.max(1, 4 - ratio) / 3);
      change = difference(next, value);
      trapezoid = finer;
      value = finer == NONE ? NONE : next;
      intervals *= 2;
    }
  }

  /**
   * The logarithm of the integral.
   *
   * @param most the most points; where they do not suffice, {@link #left} is above the tolerance
   */
  double value(int most) {
    double[] atEnds = at(ends);
    points = ends.length;
    Arrays.setAll(panels, p -> new Panel(ends[p], ends[p + 1], atEnds[p], atEnds[p + 1]));
    int[] active = IntStream.range(0, panels.length).toArray();
    double total = NONE;
    while (active.length > 0 && points < most) {
      refine(active);
      total = sum(Arrays.stream(panels).mapToDouble(p -> p.value).toArray());
      active = unsettled(active, total);
    }
    double whole = total;
    left =
        active.length == 0
            ? tolerance
            : Arrays.stream(panels).mapToDouble(p -> Math.exp(p.change - whole)).sum();
    return total;
  }

  /** How far the result may still be off, in nats. */
  double left() {
    return left;
  }

  /** How many points were asked for. */
  int points() {
    return points;
  }

  private void refine(int[] active) {
    double[] asked =
        Arrays.stream(active)
            .mapToObj(p -> panels[p].midpoints())
            .flatMapToDouble(Arrays::stream)
            .toArray();
    double[] got = at(asked);
    points += asked.length;
    int from = 0;
    for (int p : active) {
      int count = panels[p].intervals;
      panels[p].refine(Arrays.copyOfRange(got, from, from + count));
      from += count;
    }
  }

  /** A panel may change by its share of the tolerance: half goes by mass, half by the head. */
  private int[] unsettled(int[] active, double total) {
    return Arrays.stream(active)
        .filter(
            p -> {
              Panel panel = panels[p];
              double mass = Math.exp(panel.value - total);
              double allowed = 0.5 * tolerance * (mass + 1.0 / panels.length);
              boolean still = !(Math.exp(panel.change - total) <= allowed);
              panel.agreed = still || panel.intervals <= FIRST ? 0 : panel.agreed + 1;
              return panel.agreed < 2;
            })
        .toArray();
  }

  private double[] at(double[] all) {
    double[] out = new double[all.length];
    for (int from = 0; from < all.length; from += atOnce) {
      int to = Math.min(all.length, from + atOnce);
      System.arraycopy(log.apply(Arrays.copyOfRange(all, from, to)), 0, out, from, to - from);
    }
    return out;
  }

  /** log(exp(a) + exp(b)). */
  private static double add(double a, double b) {
    double high = Math.max(a, b);
    return high == NONE ? NONE : high + Math.log1p(Math.exp(Math.min(a, b) - high));
  }

  /** log |exp(a) - exp(b)|. */
  private static double difference(double a, double b) {
    double high = Math.max(a, b);
    return a == b ? NONE : high + Math.log(-Math.expm1(Math.min(a, b) - high));
  }

  private static double sum(double[] logs) {
    double high = Arrays.stream(logs).max().orElse(NONE);
    return high == NONE
        ? NONE
        : high + Math.log(Arrays.stream(logs).map(l -> Math.exp(l - high)).sum());
  }
}
