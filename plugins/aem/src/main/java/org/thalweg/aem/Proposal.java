package org.thalweg.aem;

import ai.djl.ndarray.NDArray;
import java.util.SplittableRandom;
import org.thalweg.api.engine.Tape;

/**
 * What the importance samples of a conditional are drawn from, in standardised units. A batch of G
 * conditionals is an array {@code [G, P]} of parameters.
 */
interface Proposal {
  /** The numbers that the masked net gives it for each column. */
  int outputs();

  /** Where those start. */
  double[] start();

  /**
   * The parameters of every column's conditional.
   *
   * @param outputs {@code [N, D, outputs]}
   * @return {@code [N * D, P]}
   */
  NDArray parameters(Tape tape, NDArray outputs);

  /**
   * The parameters of one column's conditionals.
   *
   * @param outputs {@code [N, outputs]}
   * @return {@code [N, P]}
   */
  NDArray parameters(Tape tape, NDArray outputs, int column);

  /**
   * log q: the proposal as a density of its own, differentiable in its parameters.
   *
   * @param points {@code [G, K]}: K points for each conditional
   * @return {@code [G, K]}, in nats
   */
  NDArray logDensity(NDArray points, NDArray parameters);

  /**
   * The log-density of what {@link #draw} draws from, which is log q unless it is defended.
   *
   * @param points {@code [G, K]}
   * @param logDensity log q of those
   */
  NDArray logSampled(NDArray points, NDArray logDensity);

  /**
   * Draws.
   *
   * @param parameters {@code G * P} numbers
   * @param group which conditional
   * @param out gets {@code count} numbers from index {@code from} on
   */
  void draw(
      double[] parameters, int group, SplittableRandom random, double[] out, int from, int count);

  /** An interval beyond which it draws nothing. */
  double[] reach(double[] parameters, int group);

  /** Points that it has its details around, in any order: where an integral should look closely. */
  double[] details(double[] parameters, int group);
}
