package org.thalweg.toolkit.infer;

import java.util.random.RandomGenerator;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.transform.Support;

/** A distribution of one number, to build an {@link IndependentPrior} from. */
public interface Marginal {
  /** The set that its draws lie in. */
  Support support();

  /** One draw. */
  double draw(RandomGenerator random);

  /** The normalised log-density in nats; minus infinity outside the support. */
  double logDensity(double value);

  /** Half the logarithm of 2 pi. */
  double HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

  /**
   * Equally likely between two numbers.
   *
   * @param low the lower end
   * @param high the upper end, above {@code low}
   */
  record Uniform(double low, double high) implements Marginal {
    /** Refuses an empty or infinite interval. */
    public Uniform {
      if (low == high) {
        throw ThalwegException.usage(
            "A parameter that is uniform between %s and %s is fixed: leave it out of the prior and"
                + " set it inside the simulator.",
            low, high);
      }
      if (!(low < high) || Double.isInfinite(high - low)) {
        throw ThalwegException.usage(
            "A uniform prior needs finite ends with low < high, got low = %s and high = %s.",
            low, high);
      }
    }

    @Override
    public Support support() {
      return new Support.Interval(low, high);
    }

    @Override
    public double draw(RandomGenerator random) {
      double value;
      do {
        value = low + (high - low) * random.nextDouble();
      } while (!(value > low && value < high)); // rounding may reach an end, which maps to infinity
      return value;
    }

    @Override
    public double logDensity(double value) {
      return value >= low && value <= high ? -Math.log(high - low) : Double.NEGATIVE_INFINITY;
    }
  }

  /**
   * A normal distribution.
   *
   * @param mean its mean
   * @param standardDeviation its standard deviation, above 0
   */
  record Normal(double mean, double standardDeviation) implements Marginal {
    /** Refuses a scale that is none. */
    public Normal {
      checkScale("A normal", "standard deviation", mean, standardDeviation);
    }

    @Override
    public Support support() {
      return Support.REAL;
    }

    @Override
    public double draw(RandomGenerator random) {
      return mean + standardDeviation * random.nextGaussian();
    }

    @Override
    public double logDensity(double value) {
      double z = (value - mean) / standardDeviation;
      return -0.5 * z * z - Math.log(standardDeviation) - HALF_LOG_TWO_PI;
    }
  }

  /**
   * A number whose logarithm is normal.
   *
   * @param location the mean of the logarithm
   * @param scale the standard deviation of the logarithm, above 0
   */
  record LogNormal(double location, double scale) implements Marginal {
    /** Refuses a scale that is none. */
    public LogNormal {
      checkScale("A log-normal", "scale", location, scale);
    }

    @Override
    public Support support() {
      return new Support.Above(0);
    }

    @Override
    public double draw(RandomGenerator random) {
      return Math.exp(location + scale * random.nextGaussian());
    }

    @Override
    public double logDensity(double value) {
      if (!(value > 0)) {
        return Double.NEGATIVE_INFINITY;
      }
      double log = Math.log(value);
      double z = (log - location) / scale;
      return -0.5 * z * z - Math.log(scale) - HALF_LOG_TWO_PI - log;
    }
  }

  private static void checkScale(String what, String name, double location, double scale) {
    if (scale == 0) {
      throw ThalwegException.usage(
          "%s prior with %s 0 fixes the parameter at its location %s: leave it out of the prior and"
              + " set it inside the simulator.",
          what, name, location);
    }
    if (!Double.isFinite(location) || !(scale > 0 && scale < Double.POSITIVE_INFINITY)) {
      throw ThalwegException.usage(
          "%s prior needs a finite location and a %s above 0, got %s and %s.",
          what, name, location, scale);
    }
  }
}
