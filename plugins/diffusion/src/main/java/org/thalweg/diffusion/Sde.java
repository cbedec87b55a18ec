package org.thalweg.diffusion;

/**
 * A stochastic differential equation {@code dx = a(t) x dt + g(t) dw} that turns data at time 0
 * into noise at time 1, with the kernel
 *
 * <pre>x(t) | x(0) ~ N(m(t) x(0), s(t)^2 I)</pre>
 *
 * (Song and others, 2021, section 2.1 and table 1). All is computed in double precision: near 0 the
 * naive forms lose their digits.
 */
sealed interface Sde permits VarianceExploding, VariancePreserving, SubVariancePreserving {
  /** The time at which there is noise only. */
  double END = 1;

  /** m(t), what is left of the data. */
  double mean(double t);

  /** s(t), the standard deviation of the noise. */
  double deviation(double t);

  /** a(t), where the drift is a(t) x. */
  double drift(double t);

  /** g(t)^2. */
  double squaredDiffusion(double t);

  /** The standard deviation of the prior, the normal distribution that noise is drawn from. */
  double priorDeviation();

  /**
   * An antiderivative of {@code g^2 / s^2}, the density of the times that likelihood weighting
   * draws, up to a factor (section 5.1, eq. 12).
   */
  double weight(double t);

  /** The time that {@link #weight} has a value at. */
  double timeOfWeight(double weight);

  /** The time at which {@code s / m} has a value. */
  double timeOfRatio(double ratio);

  /** Where the kernel stands. */
  default Angle angle(double t) {
    return Angle.of(mean(t), deviation(t));
  }

  /** The scale of x(t) where the data's is 1: {@code sqrt(m^2 + s^2)}. */
  default double scale(double t) {
    return Math.hypot(mean(t), deviation(t));
  }
}
