package org.thalweg.toolkit.ode;

/** Numbers that are integrated along the solutions of an equation: the integral of g(t, y(t)). */
public interface Integrand {
  /** K, the numbers of a row. */
  int size();

  /**
   * Evaluates g.
   *
   * @param rows which of the problem's rows are asked for; one may stand there several times
   * @param t the time of each, {@code [rows]}
   * @param y the state of each, {@code [rows, D]}, row-major
   * @param out memory for g, {@code [rows, K]}
   */
  void evaluate(int[] rows, double[] t, double[] y, double[] out);

  /** Nothing. */
  Integrand NONE =
      new Integrand() {
        @Override
        public int size() {
          return 0;
        }

        @Override
        public void evaluate(int[] rows, double[] t, double[] y, double[] out) {
          // there is nothing to fill
        }
      };
}
