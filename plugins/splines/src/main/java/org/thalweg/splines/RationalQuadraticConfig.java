package org.thalweg.splines;

import org.thalweg.api.config.Option;
import org.thalweg.api.error.ThalwegException;

/**
 * The options of {@link RationalQuadratic}. The paper gives no floors; these are the ones of its
 * authors' experiments.
 */
public record RationalQuadraticConfig(
    @Option(value = "bins of the spline", min = 2, max = 256) int bins,
    @Option(value = "the spline acts on [-b, b], in standardised units", min = 0.1, max = 1000)
        double tailBound,
    @Option("what happens at the ends of the interval; a circular one is [-pi, pi]") Ends ends,
    @Option(value = "the least width of a bin, as a fraction of 2 b", min = 1e-5, max = 0.5)
        double minBinWidth,
    @Option(value = "the least height of a bin, as a fraction of 2 b", min = 1e-5, max = 0.5)
        double minBinHeight,
    @Option(value = "the least slope at a knot", min = 1e-5, max = 0.5) double minDerivative) {

  /** The paper's bins and bound. */
  public static final RationalQuadraticConfig DEFAULT =
      new RationalQuadraticConfig(8, 3, Ends.LINEAR_TAILS, 1e-3, 1e-3, 1e-3);

  /** Refuses fewer than two bins, and floors that leave no room to move. */
  public RationalQuadraticConfig {
    if (bins < 2 || !(tailBound > 0)) {
      throw ThalwegException.usage(
          "A spline needs at least 2 bins and a bound above 0, got bins = %d and tail-bound = %s.",
          bins, tailBound);
    }
    refuse("min-bin-width", minBinWidth, bins);
    refuse("min-bin-height", minBinHeight, bins);
    if (!(minDerivative > 0 && minDerivative < 1)) {
      throw ThalwegException.usage(
          "min-derivative must be above 0 and below 1, got %s.", minDerivative);
    }
  }

  /** The bound of the interval in use. */
  double bound() {
    return ends.bound(tailBound);
  }

  static void refuse(String name, double floor, int bins) {
    if (!(floor > 0 && floor * bins < 1)) {
      throw ThalwegException.usage(
          "%d bins of at least %s of the whole do not fit into it: choose %s above 0 and below %s.",
          bins, floor, name, 1.0 / bins);
    }
  }
}
