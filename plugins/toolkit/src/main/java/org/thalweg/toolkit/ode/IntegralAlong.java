package org.thalweg.toolkit.ode;

import java.util.stream.IntStream;

/**
 * What is integrated along a batch of solutions: so far, and over the steps that are tried.
 *
 * <p>An integrand does not act on the state, so that it need not be known where the pair has its
 * stages: it is evaluated at Lobatto's four nodes of a step, of which the first is the last of the
 * step before, on states of the pair's continuous extension. That is exact for integrands of degree
 * 5 in time, at three evaluations a step.
 *
 * <p>The rule of the first three nodes, of degree 2, is off by far more than that. In the manner of
 * QUADPACK (Piessens and others, 1983, section 3.4.1) the error is taken to be {@code v (e / v)^2}
 * for a difference e of the two rules and a variation v of the integrand in the step, which shrinks
 * with the sixth power of the step. That is fair to integrands which are about as smooth as the
 * right-hand side, such as its divergence, whose steps the state's error limits too; a wave that is
 * short beside those steps and small beside the integrand's trend can be missed.
 */
final class IntegralAlong {
  /** The nodes after the first: roots of the derivative of Legendre's polynomial, and the end. */
  static final double[] NODES = {(1 - Math.sqrt(0.2)) / 2, (1 + Math.sqrt(0.2)) / 2, 1};

  /** Lobatto's weights, the first node's before the others'. */
  static final double[] WEIGHTS = {1. / 12, 5. / 12, 5. / 12, 1. / 12};

  /**
   * The rule of four nodes less that of the first three: their divided difference, times the
   * integral of {@code x (x - a) (x - b)}, 1 / 60.
   */
  static final double[] ERROR = {-1. / 12, Math.sqrt(5) / 12, -Math.sqrt(5) / 12, 1. / 12};

  /** How often the integrand is evaluated in a step. */
  static final int NEW = NODES.length;

  private final OdeTolerance tolerance;
  private final Integrand integrand;
  private final int k;
  private final double[] integrals;

  /** The integrand at the start of each row's step, and at the end of the one that is tried. */
  private final double[] first;

  private final double[] last;
  private final double[] tried;

  IntegralAlong(OdeTolerance tolerance, Integrand integrand, int n) {
    this.tolerance = tolerance;
    this.integrand = integrand;
    this.k = integrand.size();
    integrals = new double[n * k];
    first = new double[n * k];
    last = new double[n * k];
    tried = new double[n * k];
  }

  /** K. */
  int size() {
    return k;
  }

  double[] integrals() {
    return integrals;
  }

  /** Evaluates the integrand at the start; returns how often for each row. */
  int begin(int[] rows, double[] t, double[] y) {
    if (k > 0) {
      integrand.evaluate(rows, t, y, first);
    }
    return Math.min(k, 1);
  }

  /** The sum of a row's squared integrands, on the scale of the tolerance. */
  double speed(int row) {
    double sum = 0;
    for (int l = row * k; l < (row + 1) * k; l++) {
      sum += first[l] / tolerance.absolute() * (first[l] / tolerance.absolute());
    }
    return sum;
  }

  /**
   * Integrates over steps, all nodes of all rows at once.
   *
   * @param rows of which row each step is
   * @param times of the nodes, node by node
   * @param states at the nodes, node by node
   * @param sizes of the steps, with their sign
   * @return the sum of the squared errors of each step's integrals, on the scale of the tolerance
   */
  double[] extend(int[] rows, double[] times, double[] states, double[] sizes) {
    int m = rows.length;
    double[] values = new double[NEW * m * k];
    int[] repeated = IntStream.range(0, NEW * m).map(i -> rows[i % m]).toArray();
    integrand.evaluate(repeated, times, states, values);
    return IntStream.range(0, m)
        .mapToDouble(a -> integrate(values, a, m, rows[a], sizes[a]))
        .toArray();
  }

  private double integrate(double[] values, int a, int stride, int row, double step) {
    double squares = 0;
    for (int l = 0; l < k; l++) {
      double start = first[row * k + l];
      double sum = WEIGHTS[0] * start;
      double off = ERROR[0] * start;
      for (int s = 0; s < NEW; s++) {
        double value = values[(s * stride + a) * k + l];
        sum += WEIGHTS[s + 1] * value;
        off += ERROR[s + 1] * value;
        last[row * k + l] = value;
      }
      double variation = WEIGHTS[0] * Math.abs(start - sum);
      for (int s = 0; s < NEW; s++) {
        variation += WEIGHTS[s + 1] * Math.abs(values[(s * stride + a) * k + l] - sum);
      }
      tried[row * k + l] = step * sum;
      double size = Math.abs(integrals[row * k + l]);
      double error =
          step * error(off, variation) / (tolerance.absolute() + tolerance.relative() * size);
      squares += error * error;
    }
    return squares;
  }

  private static double error(double off, double variation) {
    // Written so that what is not finite stays so, and is refused.
    return off == 0 ? 0 : Math.abs(off) * Math.min(1, Math.abs(off) / variation);
  }

  /** The row's step was taken. */
  void accept(int row) {
    for (int l = row * k; l < (row + 1) * k; l++) {
      integrals[l] += tried[l];
      first[l] = last[l];
    }
  }
}
