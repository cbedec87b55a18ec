package org.thalweg.aem;

import org.thalweg.api.error.ThalwegException;

/**
 * Normalisers by the trapezoid rule in log space, refined until they agree (Durkan and Nash, 2019,
 * section 4.2).
 *
 * <p>The interval is what the proposal draws from together with a little more than the range of the
 * training rows: the energy says nothing of what lies beyond, and is not asked.
 */
final class Quadrature {
  private static final int FEWEST = 1 << 9;

  private static final int MOST = 1 << 18;

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
    double width = high - low;
    LogSum sum = new LogSum();
    sum.add(at(blocks, group, new double[] {low, high}), 0.5);
    sum.add(inner(blocks, group, low, width, FEWEST, 1, 1), 1);
    double last = sum.log() + Math.log(width / FEWEST);
    int agreed = 0;
    double change = Double.POSITIVE_INFINITY;
    for (int n = 2 * FEWEST; n <= MOST; n *= 2) {
      sum.add(inner(blocks, group, low, width, n, 1, 2), 1);
      double next = sum.log() + Math.log(width / n);
      change = Math.abs(next - last);
      // Twice: a narrow peak that two coarse grids both miss is not agreement.
      agreed = change <= tolerance ? agreed + 1 : 0;
      if (agreed == 2) {
        return next;
      }
      last = next;
    }
    throw ThalwegException.usage(
        "The normaliser of column %d does not settle to %s nats: with %d points on %s to %s it still"
            + " changes by %.2g. Ask for a larger tolerance, such as exact:%.1g.",
        column + 1, tolerance, MOST, low, high, change, Math.max(1e-3, 10 * change));
  }

  /** The points {@code first, first + step, ...} of n intervals, without the ends. */
  private static double[] inner(
      EnergyBlocks blocks, int group, double low, double width, int n, int first, int step) {
    int count = (n - first + step - 1) / step;
    double[] out = new double[count];
    for (int from = 0; from < count; from += blocks.most()) {
      int size = Math.min(blocks.most(), count - from);
      double[] points = new double[size];
      for (int i = 0; i < size; i++) {
        points[i] = low + width * (first + (long) (from + i) * step) / n;
      }
      System.arraycopy(at(blocks, group, points), 0, out, from, size);
    }
    return out;
  }

  private static double[] at(EnergyBlocks blocks, int group, double[] points) {
    return blocks.block(group, 1, points).energies();
  }

  /** A sum of exponentials, by its logarithm. */
  private static final class LogSum {
    private double highest = Double.NEGATIVE_INFINITY;
    private double sum;

    void add(double[] logs, double weight) {
      for (double log : logs) {
        if (log > highest) {
          sum *= Math.exp(highest - log);
          highest = log;
        }
        sum += weight * Math.exp(log - highest);
      }
    }

    double log() {
      return highest + Math.log(sum);
    }
  }
}
