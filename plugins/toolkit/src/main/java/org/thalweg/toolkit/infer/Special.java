package org.thalweg.toolkit.infer;

/** Special functions of one number in double precision. */
public final class Special {
  private static final double[] CENTRE_OVER = {
    3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
    1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
    3.3430575583588128105e4, 2.5090809287301226727e3
  };
  private static final double[] CENTRE_UNDER = {
    1,
    4.2313330701600911252e1,
    6.8718700749205790830e2,
    5.3941960214247511077e3,
    2.1213794301586595867e4,
    3.9307895800092710610e4,
    2.8729085735721942674e4,
    5.2264952788528545610e3
  };
  private static final double[] SIDE_OVER = {
    1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
    3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1,
    2.27238449892691845833e-2, 7.74545014278341407640e-4
  };
  private static final double[] SIDE_UNDER = {
    1,
    2.05319162663775882187e0,
    1.67638483018380384940e0,
    6.89767334985100004550e-1,
    1.48103976427480074590e-1,
    1.51986665636164571966e-2,
    5.47593808499534494600e-4,
    1.05075007164441684324e-9
  };
  private static final double[] TAIL_OVER = {
    6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0,
    2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
    2.71155556874348757815e-5, 2.01033439929228813265e-7
  };
  private static final double[] TAIL_UNDER = {
    1,
    5.99832206555887937690e-1,
    1.36929880922735805310e-1,
    1.48753612908506148525e-2,
    7.86869131145613259100e-4,
    1.84631831751005468180e-5,
    1.42151175831644588870e-7,
    2.04426310338993978564e-15
  };

  /** From here on the asymptotic series of the gamma functions are exact in double precision. */
  private static final double ASYMPTOTIC = 12;

  private Special() {}

  /**
   * The number that a standard normal variable is below with a probability.
   *
   * <p>Wichura, Algorithm AS 241: the percentage points of the normal distribution, 1988 (PPND16):
   * 16 digits.
   *
   * @param probability from 0 to 1; the ends give infinities
   */
  public static double normalQuantile(double probability) {
    double q = probability - 0.5;
    if (Math.abs(q) <= 0.425) {
      double r = 0.180625 - q * q;
      return q * polynomial(CENTRE_OVER, r) / polynomial(CENTRE_UNDER, r);
    }
    double smaller = q < 0 ? probability : 1 - probability;
    if (smaller == 0) {
      return Math.copySign(Double.POSITIVE_INFINITY, q);
    }
    double r = Math.sqrt(-Math.log(smaller));
    double size =
        r <= 5
            ? polynomial(SIDE_OVER, r - 1.6) / polynomial(SIDE_UNDER, r - 1.6)
            : polynomial(TAIL_OVER, r - 5) / polynomial(TAIL_UNDER, r - 5);
    return Math.copySign(size, q);
  }

  /**
   * The logarithm of the gamma function, by its asymptotic series (Abramowitz and Stegun, 6.1.41).
   *
   * @param x above 0
   */
  public static double logGamma(double x) {
    double shift = 1;
    double y = x;
    while (y < ASYMPTOTIC) {
      shift *= y;
      y++;
    }
    double inverse = 1 / (y * y);
    double series =
        (1 / 12.0
                - inverse
                    * (1 / 360.0
                        - inverse * (1 / 1260.0 - inverse * (1 / 1680.0 - inverse * (1 / 1188.0)))))
            / y;
    return (y - 0.5) * Math.log(y) - y + 0.5 * Math.log(2 * Math.PI) + series - Math.log(shift);
  }

  /**
   * The derivative of {@link #logGamma}, by its asymptotic series (Abramowitz and Stegun, 6.3.18).
   *
   * @param x above 0
   */
  public static double digamma(double x) {
    double shift = 0;
    double y = x;
    while (y < ASYMPTOTIC) {
      shift += 1 / y;
      y++;
    }
    double inverse = 1 / (y * y);
    double series =
        inverse
            * (1 / 12.0
                - inverse
                    * (1 / 120.0
                        - inverse * (1 / 252.0 - inverse * (1 / 240.0 - inverse * (1 / 132.0)))));
    return Math.log(y) - 0.5 / y - series - shift;
  }

  /** The logarithm of a sum of exponentials; minus infinity where there is nothing to sum. */
  public static double logSumExp(double[] values) {
    double most = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      most = Math.max(most, value);
    }
    if (Double.isInfinite(most)) {
      return most;
    }
    double sum = 0;
    for (double value : values) {
      sum += Math.exp(value - most);
    }
    return most + Math.log(sum);
  }

  /** Coefficients from the constant on. */
  private static double polynomial(double[] coefficients, double at) {
    double out = 0;
    for (int i = coefficients.length - 1; i >= 0; i--) {
      out = out * at + coefficients[i];
    }
    return out;
  }
}
