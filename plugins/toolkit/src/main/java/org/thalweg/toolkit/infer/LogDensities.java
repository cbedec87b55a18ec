package org.thalweg.toolkit.infer;

import ai.djl.ndarray.NDArray;
import org.thalweg.toolkit.nn.Ops;

/**
 * Logarithms of densities, in nats, elementwise: arguments broadcast against each other. All are
 * normalised.
 */
public final class LogDensities {
  private static final double LOG_ROOT_TWO_PI = 0.5 * Math.log(2 * Math.PI);

  private LogDensities() {}

  /** Normal, by its standard deviation. */
  public static NDArray normal(NDArray x, double mean, double deviation) {
    double constant = -LOG_ROOT_TWO_PI - Math.log(deviation);
    return x.sub(mean).div(deviation).square().mul(-0.5).add(constant);
  }

  /** Normal, by its standard deviation. */
  public static NDArray normal(NDArray x, NDArray mean, NDArray deviation) {
    NDArray square = x.sub(mean).div(deviation).square();
    return square.mul(-0.5).sub(deviation.log()).sub(LOG_ROOT_TWO_PI);
  }

  /** Normal with standard deviation 1. */
  public static NDArray normal(NDArray x, NDArray mean) {
    return x.sub(mean).square().mul(-0.5).sub(LOG_ROOT_TWO_PI);
  }

  /** A normal of positive numbers alone: twice the normal with mean 0. */
  public static NDArray halfNormal(NDArray x, double scale) {
    return normal(x, 0, scale).add(Math.log(2));
  }

  /** Cauchy. */
  public static NDArray cauchy(NDArray x, double location, double scale) {
    NDArray square = x.sub(location).div(scale).square();
    return square.add(1).log().neg().sub(Math.log(Math.PI * scale));
  }

  /** A Cauchy of positive numbers alone: twice the Cauchy with location 0. */
  public static NDArray halfCauchy(NDArray x, double scale) {
    return cauchy(x, 0, scale).add(Math.log(2));
  }

  /** Gamma, by its shape and its rate. */
  public static NDArray gamma(NDArray x, double shape, double rate) {
    double constant = shape * Math.log(rate) - logGamma(shape);
    return x.log().mul(shape - 1).sub(x.mul(rate)).add(constant);
  }

  /** Beta. */
  public static NDArray beta(NDArray x, double a, double b) {
    double constant = logGamma(a + b) - logGamma(a) - logGamma(b);
    return x.log().mul(a - 1).add(x.neg().add(1).log().mul(b - 1)).add(constant);
  }

  /**
   * Poisson, by the logarithm of its rate.
   *
   * @param counts whole numbers, without gradient
   */
  public static NDArray poissonLog(NDArray counts, NDArray logRate) {
    NDArray factorials = Ops.logGamma(counts.add(1));
    return counts.mul(logRate).sub(logRate.exp()).sub(factorials);
  }

  /** log(share exp(a) + (1 - share) exp(b)). */
  public static NDArray mixture(NDArray share, NDArray a, NDArray b) {
    return logAddExp(share.log().add(a), share.neg().add(1).log().add(b));
  }

  /** log(exp(a) + exp(b)). */
  public static NDArray logAddExp(NDArray a, NDArray b) {
    NDArray highest = a.stopGradient().maximum(b.stopGradient());
    return a.sub(highest).exp().add(b.sub(highest).exp()).log().add(highest);
  }

  /** Stirling's series after eight steps, as in {@link Ops#logGamma}. */
  private static double logGamma(double x) {
    double product = 1;
    double y = x;
    for (int i = 0; i < 8; i++) {
      product *= y;
      y++;
    }
    double r2 = 1 / (y * y);
    double series = (((-r2 / 1680 + 1.0 / 1260) * r2 - 1.0 / 360) * r2 + 1.0 / 12) / y;
    return (y - 0.5) * Math.log(y) - y + LOG_ROOT_TWO_PI + series - Math.log(product);
  }
}
