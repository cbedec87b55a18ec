package org.thalweg.splines;

import org.thalweg.api.config.Option;

/** The options of {@link LinearSpline}. */
public record LinearSplineConfig(
    @Option(value = "bins of the spline, all of one width", min = 2, max = 256) int bins,
    @Option(value = "the spline acts on [-b, b], in standardised units", min = 0.1, max = 1000)
        double tailBound,
    @Option("what happens at the ends of the interval: linear-tails or bounded") Ends ends,
    @Option(value = "the least height of a bin, as a fraction of 2 b", min = 1e-5, max = 0.5)
        double minBinHeight) {

  /** The bins, bound and floor of {@link RationalQuadraticConfig#DEFAULT}. */
  public static final LinearSplineConfig DEFAULT =
      new LinearSplineConfig(8, 3, Ends.LINEAR_TAILS, 1e-3);

  /** Refuses a floor that leaves no room to move, and a circle. */
  public LinearSplineConfig {
    RationalQuadraticConfig.refuse("min-bin-height", minBinHeight, bins);
    SplineConfig.refuseCircle(ends);
  }
}
