package org.thalweg.toolkit.nn;

import org.thalweg.api.density.Initializer;

/**
 * The start of a net's last layer.
 *
 * @param weight the weights
 * @param bias the biases
 */
public record Head(Initializer weight, Initializer bias) {
  /** The usual start of a layer with {@code in} inputs, see {@link Linear}. */
  public static Head usual(int in) {
    return new Head(Linear.fanIn(in), Linear.fanIn(in));
  }

  /**
   * Outputs that start close to a pattern, whatever the input.
   *
   * @param pattern repeated over the outputs, such as {@code Univariate.identity()}
   */
  public static Head near(double... pattern) {
    return new Head(Initializer.uniform(1e-3), Initializer.repeat(pattern));
  }
}
