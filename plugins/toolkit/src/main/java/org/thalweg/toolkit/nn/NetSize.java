package org.thalweg.toolkit.nn;

import org.thalweg.api.error.ThalwegException;

/**
 * How large a residual net is.
 *
 * @param hidden the units of each hidden layer, at least 1
 * @param blocks the residual blocks, of two layers each, 0 or more
 * @param dropout the probability that a unit inside a block is dropped in training, in [0, 1)
 */
public record NetSize(int hidden, int blocks, double dropout) {
  /** Refuses impossible sizes. */
  public NetSize {
    if (hidden < 1) {
      throw ThalwegException.usage("A net needs at least 1 hidden unit, got hidden = %d.", hidden);
    }
    if (blocks < 0) {
      throw ThalwegException.usage("A net has 0 or more residual blocks, got %d.", blocks);
    }
    if (!(dropout >= 0 && dropout < 1)) {
      throw ThalwegException.usage(
          "Dropout is a probability of at least 0 and below 1, got %s.", dropout);
    }
  }
}
