package org.thalweg.toolkit.ode;

/** The right-hand side of {@code dy/dt = f(t, y)} for many independent rows. */
@FunctionalInterface
public interface VectorField {
  /**
   * Evaluates it.
   *
   * @param rows which of the problem's rows are asked for, ascending; a row keeps its number
   * @param t the time of each, {@code [rows]}
   * @param y the state of each, {@code [rows, D]}, row-major
   * @param out memory for dy/dt, {@code [rows, D]}
   */
  void evaluate(int[] rows, double[] t, double[] y, double[] out);
}
