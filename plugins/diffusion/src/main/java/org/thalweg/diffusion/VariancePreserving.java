package org.thalweg.diffusion;

/**
 * {@code dx = -b(t) x / 2 dt + sqrt(b(t)) dw} (Song and others, 2021, table 1, "VP"): the variance
 * of standardised data stays 1.
 *
 * @param schedule b
 */
record VariancePreserving(Schedule schedule) implements Sde {
  @Override
  public double mean(double t) {
    return Math.exp(-0.5 * schedule.integral(t));
  }

  @Override
  public double deviation(double t) {
    return Math.sqrt(-Math.expm1(-schedule.integral(t)));
  }

  @Override
  public double drift(double t) {
    return -0.5 * schedule.rate(t);
  }

  @Override
  public double squaredDiffusion(double t) {
    return schedule.rate(t);
  }

  @Override
  public double priorDeviation() {
    return 1;
  }

  /** log(exp(B) - 1). */
  @Override
  public double weight(double t) {
    return Math.log(Math.expm1(schedule.integral(t)));
  }

  /** B = log(1 + exp(weight)). */
  @Override
  public double timeOfWeight(double weight) {
    return schedule.time(Math.max(weight, 0) + Math.log1p(Math.exp(-Math.abs(weight))));
  }

  /** exp(B) = 1 + ratio^2. */
  @Override
  public double timeOfRatio(double ratio) {
    return schedule.time(Math.log1p(ratio * ratio));
  }
}
