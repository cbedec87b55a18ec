package org.thalweg.bench.planar;

import org.hipparchus.special.Erf;

/**
 * Two arms: a point of the curve at m = T sqrt(u), shifted by a uniform number in each coordinate,
 * half of the points turned by 180 degrees, all divided by 3, and Gaussian noise added.
 *
 * <p>Given u, the coordinates are independent, each a uniform number plus a Gaussian one: their
 * density is a difference of error functions, and the integral over u is taken numerically.
 */
final class Spirals {
  private static final int POINTS = 8000;

  /** Beyond as many standard deviations nothing is added. */
  private static final double FAR = 7;

  private Spirals() {}

  /** Of Durkan and Nash, 2019, section 4.1. */
  static PlanarSet narrow() {
    return spirals("spirals", 5 * Math.PI, 0.7, 0.35, 0.09);
  }

  /** Of Durkan and others, 2019, figure 4, after FFJORD. */
  static PlanarSet wide() {
    return spirals("spirals-ffjord", 3 * Math.PI, 1, 0.5, 0.1);
  }

  /**
   * @param turn T, the angle at the end
   * @param pitch the radius is {@code pitch m}
   * @param spread the width of the uniform numbers
   * @param sd of the Gaussian noise
   */
  private static PlanarSet spirals(
      String name, double turn, double pitch, double spread, double sd) {
    return PlanarSet.known(
        name,
        random -> {
          double m = turn * Math.sqrt(random.nextDouble());
          double x = -pitch * m * Math.cos(m) + spread * random.nextDouble();
          double y = pitch * m * Math.sin(m) + spread * random.nextDouble();
          double sign = random.nextBoolean() ? 1 : -1;
          return new double[] {
            sign * x / 3 + sd * random.nextGaussian(), sign * y / 3 + sd * random.nextGaussian()
          };
        },
        (x, y) -> {
          double sum = 0;
          for (int i = 0; i < POINTS; i++) {
            double m = turn * Math.sqrt((i + 0.5) / POINTS);
            double a = -pitch * m * Math.cos(m);
            double b = pitch * m * Math.sin(m);
            for (int sign = -1; sign <= 1; sign += 2) {
              sum +=
                  shifted(3 * sign * x - a, spread, 3 * sd)
                      * shifted(3 * sign * y - b, spread, 3 * sd);
            }
          }
          return Math.log(9 * sum / (2 * POINTS));
        });
  }

  /** The density of a uniform number on [0, width] plus a Gaussian one. */
  private static double shifted(double value, double width, double sd) {
    if (value < -FAR * sd || value > width + FAR * sd) {
      return 0;
    }
    double scale = sd * Math.sqrt(2);
    return Erf.erf((value - width) / scale, value / scale) / (2 * width);
  }
}
