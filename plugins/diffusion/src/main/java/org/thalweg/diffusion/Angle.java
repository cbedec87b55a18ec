package org.thalweg.diffusion;

/**
 * How far a diffusion has come, whichever its equation: with {@code v = sqrt(m^2 + s^2)},
 *
 * <pre>x(t) / v = cos(angle) x(0) + sin(angle) z,   z ~ N(0, I)</pre>
 *
 * What a net learns is a function of this angle alone; equations differ in how fast they run
 * through it, in v, and in the prior (Karras and others, 2022, section 2; Salimans and Ho, 2022,
 * appendix D).
 *
 * @param cos m / v
 * @param sin s / v
 */
record Angle(double cos, double sin) {
  static Angle of(double mean, double deviation) {
    double scale = Math.hypot(mean, deviation);
    return new Angle(mean / scale, deviation / scale);
  }

  static Angle of(double radians) {
    return new Angle(Math.cos(radians), Math.sin(radians));
  }

  double radians() {
    return Math.atan2(sin, cos);
  }

  /** log(s / m), minus half the logarithm of the signal-to-noise ratio. */
  double logRatio() {
    return Math.log(sin / cos);
  }
}
