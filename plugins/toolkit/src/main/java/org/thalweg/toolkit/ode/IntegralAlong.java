package org.thalweg.toolkit.ode;

import java.util.stream.IntStream;

/**
 * What is integrated along a batch of solutions: so far, and over the steps that are tried. The
 * rule is the pair's own, as if the integral were one more number of the state; but it does not act
 * on the state, and the second stage does not count in it.
 */
final class IntegralAlong {
  /** The first stage whose value is new and counts. */
  private static final int FIRST = 2;

  /** The stages that the integrand is evaluated for, all of a step at once. */
  static final int NEW = Tableau.STAGES - FIRST;

  private final OdeTolerance tolerance;
  private final Integrand integrand;
  private final int k;
  private final int d;
  private final double[] integrals;

  /** The integrand at the start of each row's step, and at the end of the one that is tried. */
  private final double[] first;

  private final double[] last;
  private final double[] tried;

  IntegralAlong(OdeTolerance tolerance, Integrand integrand, int n, int d) {
    this.tolerance = tolerance;
    this.integrand = integrand;
    this.k = integrand.size();
    this.d = d;
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
   * Steps that are tried.
   *
   * @param rows of which row each is
   * @param errors of the state; that of the integral is added here
   * @param times of the stages, by stage
   * @param states at the stages, by stage
   * @param sizes of the steps, with their sign
   */
  record Steps(int[] rows, double[] errors, double[][] times, double[][] states, double[] sizes) {}

  /** Integrates over the steps whose state is accepted, all stages of all rows at once. */
  void extend(Steps steps, int[] evaluations) {
    int[] accepted =
        IntStream.range(0, steps.rows.length).filter(i -> steps.errors[i] <= 1).toArray();
    int m = accepted.length;
    if (k == 0 || m == 0) {
      return;
    }
    int[] rows = new int[NEW * m];
    double[] times = new double[rows.length];
    double[] states = new double[rows.length * d];
    for (int s = 0; s < NEW; s++) {
      for (int a = 0; a < m; a++) {
        int i = accepted[a];
        int at = s * m + a;
        rows[at] = steps.rows[i];
        times[at] = steps.times[s + FIRST][i];
        System.arraycopy(steps.states[s + FIRST], i * d, states, at * d, d);
      }
    }
    double[] values = new double[rows.length * k];
    integrand.evaluate(rows, times, states, values);
    for (int a = 0; a < m; a++) {
      int i = accepted[a];
      evaluations[steps.rows[i]] += NEW;
      double squares = integrate(values, a, m, steps.rows[i], steps.sizes[i]);
      steps.errors[i] = Math.sqrt(steps.errors[i] * steps.errors[i] + squares / (d + k));
    }
  }

  /** One row's integral over its step; returns the sum of its squared errors. */
  private double integrate(double[] values, int a, int stride, int row, double step) {
    double squares = 0;
    for (int l = 0; l < k; l++) {
      double sum = Tableau.WEIGHTS[Tableau.STAGES - 1][0] * first[row * k + l];
      double off = Tableau.ERROR[0] * first[row * k + l];
      for (int s = 0; s < NEW; s++) {
        double value = values[(s * stride + a) * k + l];
        boolean end = s + FIRST == Tableau.STAGES - 1;
        sum += end ? 0 : Tableau.WEIGHTS[Tableau.STAGES - 1][s + FIRST] * value;
        off += Tableau.ERROR[s + FIRST] * value;
        last[row * k + l] = value;
      }
      tried[row * k + l] = step * sum;
      double size = Math.abs(integrals[row * k + l]);
      double error = step * off / (tolerance.absolute() + tolerance.relative() * size);
      squares += error * error;
    }
    return squares;
  }

  /** The row's step was taken. */
  void accept(int row) {
    for (int l = row * k; l < (row + 1) * k; l++) {
      integrals[l] += tried[l];
      first[l] = last[l];
    }
  }
}
