package org.thalweg.diffusion;

import java.util.Arrays;

/**
 * The velocity F of rows in memory, see {@link VelocityNet}: what solvers, bounds and samplers ask
 * for. Rows are numbered; a number stands for a context too.
 */
interface Velocity {
  /** D. */
  int dimension();

  /**
   * F.
   *
   * @param rows the number of each row
   * @param at how far each has come
   * @param y x(t) / v of each, {@code [rows, D]}, row-major
   * @return {@code [rows, D]}
   */
  double[] velocity(int[] rows, Angle[] at, double[] y);

  /**
   * F with its divergence, or estimates of it.
   *
   * @param velocity {@code [rows, D]}
   * @param divergence {@code [rows, K]}: K independent estimates, or the one exact value
   */
  record Change(double[] velocity, double[] divergence) {}

  /** F with its divergence. */
  Change change(int[] rows, Angle[] at, double[] y, Directions directions);

  /**
   * The score of x(t): {@code (cot F(y) - y) / v}, as {@code E[x(0) | y] = cos y + sin F} and the
   * score is {@code (m E[x(0) | y] - x(t)) / s^2} (Efron 2011, "Tweedie's formula").
   *
   * @return {@code [rows, D]}
   */
  default double[] score(int[] rows, Angle at, double scale, double[] y) {
    Angle[] angles = new Angle[rows.length];
    Arrays.fill(angles, at);
    double[] out = velocity(rows, angles, y);
    double cotangent = at.cos() / at.sin();
    for (int i = 0; i < out.length; i++) {
      out[i] = (cotangent * out[i] - y[i]) / scale;
    }
    return out;
  }
}
