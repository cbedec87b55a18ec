package org.thalweg.diffusion;

/**
 * {@code dx = -b(t) x / 2 dt + sqrt(b(t) (1 - exp(-2 B(t)))) dw} (Song and others, 2021, table 1,
 * "subVP"): the noise comes later than in {@link VariancePreserving}.
 *
 * @param schedule b, whose integral is B
 */
record SubVariancePreserving(Schedule schedule) implements Sde {
  @Override
  public double mean(double t) {
    return Math.exp(-0.5 * schedule.integral(t));
  }

  @Override
  public double deviation(double t) {
    return -Math.expm1(-schedule.integral(t));
  }

  @Override
  public double drift(double t) {
    return -0.5 * schedule.rate(t);
  }

  @Override
  public double squaredDiffusion(double t) {
    return -schedule.rate(t) * Math.expm1(-2 * schedule.integral(t));
  }

  @Override
  public double priorDeviation() {
    return 1;
  }

  /** 2 log(2 sinh(B / 2)) = 2 log(exp(B) - 1) - B. */
  @Override
  public double weight(double t) {
    double b = schedule.integral(t);
    return 2 * Math.log(Math.expm1(b)) - b;
  }

  /** B = 2 asinh(exp(weight / 2) / 2). */
  @Override
  public double timeOfWeight(double weight) {
    return schedule.time(2 * asinh(0.5 * Math.exp(0.5 * weight)));
  }

  /** ratio = exp(B / 2) - exp(-B / 2) = 2 sinh(B / 2). */
  @Override
  public double timeOfRatio(double ratio) {
    return schedule.time(2 * asinh(0.5 * ratio));
  }

  /** For x of 0 or more; exact for small ones too. */
  private static double asinh(double x) {
    return Math.log1p(x + x * x / (1 + Math.sqrt(1 + x * x)));
  }
}
