package org.thalweg.toolkit.ode;

/**
 * States between the ends of a step, from its stages: the continuous extension of order 4 of the
 * pair of Dormand and Prince (Hairer, Nørsett and Wanner, 1993, section II.6).
 */
final class DenseOutput {
  private static final double[] CORRECTION = {
    -12715105075. / 11282082432.,
    0,
    87487479700. / 32700410799.,
    -10690763975. / 1880347072.,
    701980252875. / 199316789632.,
    -1453857185. / 822651844.,
    69997945. / 29380423.
  };

  private DenseOutput() {}

  /** How much of each stage's slope the state has taken on at a fraction of the step. */
  static double[] weights(double fraction) {
    double x = fraction;
    double rest = 1 - x;
    double[] out = new double[Tableau.STAGES];
    double[] step = Tableau.WEIGHTS[Tableau.STAGES - 1];
    for (int s = 0; s < out.length; s++) {
      double whole = s < step.length ? step[s] : 0;
      double first = s == 0 ? 1 : 0;
      double last = s == out.length - 1 ? 1 : 0;
      double start = first - whole;
      double end = whole - last - start;
      out[s] = x * (whole + rest * (start + x * (end + rest * CORRECTION[s])));
    }
    return out;
  }
}
