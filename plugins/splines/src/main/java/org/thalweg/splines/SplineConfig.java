package org.thalweg.splines;

import org.thalweg.api.config.Option;
import org.thalweg.api.error.ThalwegException;

/** The options of {@link QuadraticSpline} and {@link CubicSpline}. */
public record SplineConfig(
    @Option(value = "bins of the spline", min = 2, max = 256) int bins,
    @Option(value = "the spline acts on [-b, b], in standardised units", min = 0.1, max = 1000)
        double tailBound,
    @Option("what happens at the ends of the interval: linear-tails or bounded") Ends ends,
    @Option(value = "the least width of a bin, as a fraction of 2 b", min = 1e-5, max = 0.5)
        double minBinWidth,
    @Option(
            value =
                "the least height of a bin, as a fraction of 2 b; of a quadratic, the least slope",
            min = 1e-5,
            max = 0.5)
        double minBinHeight) {

  /** The bins, bound and floors of {@link RationalQuadraticConfig#DEFAULT}. */
  public static final SplineConfig DEFAULT = new SplineConfig(8, 3, Ends.LINEAR_TAILS, 1e-3, 1e-3);

  /** Refuses floors that leave no room to move, and a circle. */
  public SplineConfig {
    RationalQuadraticConfig.refuse("min-bin-width", minBinWidth, bins);
    RationalQuadraticConfig.refuse("min-bin-height", minBinHeight, bins);
    refuseCircle(ends);
  }

  /** Only a family with a slope of its own at each end can make both the same. */
  static void refuseCircle(Ends ends) {
    if (ends == Ends.CIRCULAR) {
      throw ThalwegException.usage(
          "ends = circular is offered by 'rational-quadratic' alone: choose linear-tails or "
              + "bounded, or that family.");
    }
  }
}
