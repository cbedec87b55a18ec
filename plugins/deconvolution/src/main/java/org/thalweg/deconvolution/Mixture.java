package org.thalweg.deconvolution;

import java.util.Arrays;

/**
 * A mixture of Gaussians.
 *
 * @param weights {@code [K]}, which sum to 1
 * @param means {@code [K, D]}, row-major
 * @param covariances {@code [K, D, D]}, row-major, each symmetric and positive definite
 */
record Mixture(double[] weights, double[] means, double[] covariances) {
  /** K. */
  int components() {
    return weights.length;
  }

  /** D. */
  int dimension() {
    return means.length / weights.length;
  }

  /** The free numbers: weights that sum to 1, means, halves of symmetric matrices. */
  long freeParameters() {
    long k = components();
    long d = dimension();
    return k - 1 + k * d + k * d * (d + 1) / 2;
  }

  /** A copy of one mean. */
  double[] mean(int component) {
    int d = dimension();
    return Arrays.copyOfRange(means, component * d, (component + 1) * d);
  }

  /** A copy of one covariance. */
  double[] covariance(int component) {
    int square = dimension() * dimension();
    return Arrays.copyOfRange(covariances, component * square, (component + 1) * square);
  }

  /** Whether every number is finite. */
  boolean finite() {
    return Arrays.stream(weights).allMatch(Double::isFinite)
        && Arrays.stream(means).allMatch(Double::isFinite)
        && Arrays.stream(covariances).allMatch(Double::isFinite);
  }
}
