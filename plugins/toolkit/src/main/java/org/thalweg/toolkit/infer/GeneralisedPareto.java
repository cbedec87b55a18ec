package org.thalweg.toolkit.infer;

/**
 * The generalised Pareto distribution of what exceeds a threshold.
 *
 * @param shape k: moments of order 1 / k and above do not exist; below 0 the tail has an end
 * @param scale sigma, above 0, in the unit of the exceedances
 */
record GeneralisedPareto(double shape, double scale) {
  /** What the shape's estimate is drawn towards, with the weight of so many exceedances. */
  private static final double PRIOR_SHAPE = 0.5;

  private static final double PRIOR_COUNT = 10;

  /** The prior of b = -k / sigma is wider than the first quartile tells by this factor. */
  private static final double PRIOR_WIDTH = 3;

  /** Points of the grid that carry less of the posterior are left out. */
  private static final double NEGLIGIBLE = 10 * Math.ulp(1.0);

  /**
   * The fit of Zhang and Stephens (A new and efficient estimation method for the generalized Pareto
   * distribution, 2009), with the shape shrunk as in Vehtari et al. (Pareto smoothed importance
   * sampling, 2024, appendix C): the posterior mean of b over a grid of quantiles of its prior.
   *
   * @param exceedances above 0, ascending, at least 5 of them
   * @return with a shape that is not a number where nothing can be fitted
   */
  static GeneralisedPareto fit(double[] exceedances) {
    int n = exceedances.length;
    int points = 30 + (int) Math.sqrt(n);
    double quartile = exceedances[(int) (n / 4.0 + 0.5) - 1];
    double[] b = new double[points];
    double[] logLikelihood = new double[points];
    for (int i = 0; i < points; i++) {
      b[i] =
          1 / exceedances[n - 1] + (1 - Math.sqrt(points / (i + 0.5))) / (PRIOR_WIDTH * quartile);
      double k = meanLog(b[i], exceedances);
      logLikelihood[i] = n * (Math.log(-b[i] / k) - k - 1);
    }
    double total = Special.logSumExp(logLikelihood);
    double mass = 0;
    double mean = 0;
    for (int i = 0; i < points; i++) {
      double weight = Math.exp(logLikelihood[i] - total);
      if (weight >= NEGLIGIBLE) {
        mass += weight;
        mean += weight * b[i];
      }
    }
    mean /= mass;
    double k = meanLog(mean, exceedances);
    double shrunk = (n * k + PRIOR_COUNT * PRIOR_SHAPE) / (n + PRIOR_COUNT);
    return new GeneralisedPareto(shrunk, -k / mean);
  }

  /** The most likely shape given b. */
  private static double meanLog(double b, double[] exceedances) {
    double sum = 0;
    for (double exceedance : exceedances) {
      sum += Math.log1p(-b * exceedance);
    }
    return sum / exceedances.length;
  }

  /** What an exceedance is below with a probability between 0 and 1. */
  double quantile(double probability) {
    double log = Math.log1p(-probability);
    return scale * (Math.abs(shape) < Math.ulp(1.0) ? -log : Math.expm1(-shape * log) / shape);
  }
}
