package org.thalweg.toolkit.ode;

/**
 * The coefficients of Dormand and Prince (1980, table 2), of order 5 with an error estimate of
 * order 4 and the last stage shared with the next step.
 */
final class Tableau {
  static final int STAGES = 7;

  static final double[] NODES = {0, 1. / 5, 3. / 10, 4. / 5, 8. / 9, 1, 1};

  /** Row i: what stage i takes of the stages before it; the last row is the step itself. */
  static final double[][] WEIGHTS = {
    {},
    {1. / 5},
    {3. / 40, 9. / 40},
    {44. / 45, -56. / 15, 32. / 9},
    {19372. / 6561, -25360. / 2187, 64448. / 6561, -212. / 729},
    {9017. / 3168, -355. / 33, 46732. / 5247, 49. / 176, -5103. / 18656},
    {35. / 384, 0, 500. / 1113, 125. / 192, -2187. / 6784, 11. / 84}
  };

  /** The step of order 5 minus the embedded one of order 4. */
  static final double[] ERROR = {
    71. / 57600, 0, -71. / 16695, 71. / 1920, -17253. / 339200, 22. / 525, -1. / 40
  };

  private Tableau() {}
}
