package org.thalweg.aem;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.thalweg.api.error.ThalwegException;

/**
 * Normalisers by the trapezoid rule in log space, refined until they agree (Durkan and Nash, 2019,
 * section 4.2).
 *
 * <p>The interval is what the proposal draws from together with a little more than the range of the
 * training rows: the energy says nothing of what lies beyond, and is not asked. It is looked at in
 * equal panels of which none settles with fewer than sixteen points, some 4,000 in all, and more
 * closely around each component of the proposal. A spike of the energy that is narrower than that,
 * away from the proposal's own, can be missed.
 */
final class Quadrature {
  private static final int PANELS = 1 << 8;

  private static final int MOST = 1 << 19;

  /** How far beyond the training rows, in standardised units. */
  private static final double BEYOND = 1;

  private final Proposal proposal;
  private final double[] range;
  private final double tolerance;

  /**
   * A rule.
   *
   * @param range {@code D * 2}: the ends of each column's training rows
   * @param tolerance of log Z, in nats
   */
  Quadrature(Proposal proposal, double[] range, double tolerance) {
    this.proposal = proposal;
    this.range = range;
    this.tolerance = tolerance;
  }

  /**
   * log Z of one conditional.
   *
   * @throws ThalwegException where {@link #MOST} points do not agree
   */
  double logNormaliser(EnergyBlocks blocks, int group, int column) {
    double[] reach = proposal.reach(blocks.parameters(), group);
    boolean fixed = proposal.outputs() == 0;
    double low = fixed ? reach[0] : Math.min(reach[0], range[2 * column] - BEYOND);
    double high = fixed ? reach[1] : Math.max(reach[1], range[2 * column + 1] + BEYOND);
    double[] ends = ends(low, high, proposal.details(blocks.parameters(), group));
    LogIntegral integral =
        new LogIntegral(
            points -> blocks.block(group, 1, points).energies(), ends, tolerance, blocks.most());
    double value = integral.value(MOST);
    if (integral.left() > tolerance) {
      throw ThalwegException.usage(
          "The normaliser of column %d does not settle to %s nats: with %d points on %s to %s it"
              + " still changes by %.2g. Ask for a larger tolerance, such as exact:%.1g.",
          column + 1,
          tolerance,
          integral.points(),
          low,
          high,
          integral.left(),
          Math.max(1e-3, 10 * integral.left()));
    }
    return value;
  }

  /** Equal panels, divided where the proposal has details; none is next to nothing. */
  private static double[] ends(double low, double high, double[] details) {
    double step = (high - low) / PANELS;
    double least = 1e-7 * (1 + Math.abs(low) + Math.abs(high));
    double[] sorted =
        DoubleStream.concat(
                IntStream.range(0, PANELS).mapToDouble(i -> low + i * step),
                Arrays.stream(details).filter(x -> x > low && x < high))
            .sorted()
            .toArray();
    double[] out = new double[sorted.length + 1];
    int count = 0;
    for (double x : sorted) {
      if (count == 0 || x - out[count - 1] > least) {
        out[count++] = x;
      }
    }
    if (high - out[count - 1] <= least) {
      count--;
    }
    out[count++] = high;
    return Arrays.copyOf(out, count);
  }
}
