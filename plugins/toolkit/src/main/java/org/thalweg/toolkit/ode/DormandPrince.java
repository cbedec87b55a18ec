package org.thalweg.toolkit.ode;

import java.util.Arrays;

/**
 * Solves {@code dy/dt = f(t, y)} by the pair of Dormand and Prince of orders 5 and 4, for a batch
 * of independent rows. Every row has a step size and an error control of its own, so that its
 * result does not depend on the rows beside it; the right-hand side is evaluated for all rows that
 * are not done yet at once. Steps are computed in double precision, whatever type the right-hand
 * side has.
 *
 * <p>The step size follows Hairer, Nørsett and Wanner (1993, section II.4).
 */
public final class DormandPrince {
  /** The most times that the integrand is evaluated for each row in one call. */
  public static final int INTEGRATED_AT_ONCE = IntegralAlong.NEW;

  private final OdeTolerance tolerance;

  /** A solver. */
  public DormandPrince(OdeTolerance tolerance) {
    this.tolerance = tolerance;
  }

  /**
   * What was computed.
   *
   * @param y the states at the end, {@code [N, D]}, row-major
   * @param integrals along the way, {@code [N, K]}; empty where none were asked for
   * @param evaluations of the right-hand side and the integrand, by row
   */
  public record Solution(double[] y, double[] integrals, int[] evaluations) {
    /** The mean over the rows. */
    public double meanEvaluations() {
      return Arrays.stream(evaluations).average().orElse(0);
    }
  }

  /**
   * Solves the equation of N rows between two times.
   *
   * @param field the right-hand side
   * @param from the time of the given states
   * @param to the time that is wanted, before or after {@code from}
   * @param start the given states, {@code [N, D]}, row-major
   * @param dimension D
   * @throws org.thalweg.api.error.ThalwegException exit code 2, where a row needs more evaluations
   *     than the budget, a step below the resolution of the time, or is not finite
   */
  public Solution solve(VectorField field, double from, double to, double[] start, int dimension) {
    return solve(field, from, to, start, dimension, Integrand.NONE);
  }

  /**
   * Solves the equation, and integrates numbers along the solutions, to the same tolerance. The
   * integrand does not act on the state, so that it is evaluated only where a rule of its own needs
   * it, three times a step, on steps that the state's error allows.
   */
  public Solution solve(
      VectorField field,
      double from,
      double to,
      double[] start,
      int dimension,
      Integrand integrand) {
    int n = dimension == 0 ? 0 : start.length / dimension;
    OdeRun run = new OdeRun(tolerance, field, integrand, from, to, start, dimension, n);
    if (n > 0 && from != to) {
      run.begin();
      while (run.unfinished() > 0) {
        run.step();
      }
    }
    return run.solution();
  }
}
