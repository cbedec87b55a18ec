package org.thalweg.sbi.simulator;

import org.hipparchus.ode.ODEState;
import org.hipparchus.ode.ODEStateAndDerivative;
import org.hipparchus.ode.OrdinaryDifferentialEquation;
import org.hipparchus.ode.nonstiff.DormandPrince54Integrator;

/** Solutions of small systems of ordinary differential equations at given times. */
final class Ode {
  private static final int EVALUATIONS = 200_000;

  /** The right-hand side, of a state. */
  @FunctionalInterface
  interface Field {
    double[] derivative(double[] state);
  }

  private Ode() {}

  /**
   * The states at {@code 0, step, ..., (count - 1) * step}.
   *
   * @param tolerance relative to each component, and absolute in its unit
   * @throws RuntimeException where the solver needs more than {@value #EVALUATIONS} evaluations
   *     between two times, which counts as a failed simulation
   */
  static double[][] solve(Field field, double[] start, double step, int count, double tolerance) {
    OrdinaryDifferentialEquation equation =
        new OrdinaryDifferentialEquation() {
          @Override
          public int getDimension() {
            return start.length;
          }

          @Override
          public double[] computeDerivatives(double t, double[] state) {
            return field.derivative(state);
          }
        };
    DormandPrince54Integrator solver =
        new DormandPrince54Integrator(1e-10, step, tolerance, tolerance);
    solver.setMaxEvaluations(EVALUATIONS);
    double[][] out = new double[count][];
    out[0] = start;
    for (int i = 1; i < count; i++) {
      ODEStateAndDerivative end =
          solver.integrate(equation, new ODEState((i - 1) * step, out[i - 1]), i * step);
      out[i] = end.getPrimaryState();
    }
    return out;
  }
}
