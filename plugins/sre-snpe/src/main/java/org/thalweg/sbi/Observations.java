package org.thalweg.sbi;

import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ThalwegException;

/** Refuses observations that nothing can be inferred from. */
final class Observations {
  private Observations() {}

  /** At least one row of finite numbers. */
  static void require(Matrix observations) {
    if (observations.rows() == 0 || observations.columns() == 0) {
      throw ThalwegException.usage(
          "There is no observation: it has %d rows of %d numbers, and needs one at least.",
          observations.rows(), observations.columns());
    }
    for (int i = 0; i < observations.rows(); i++) {
      for (int j = 0; j < observations.columns(); j++) {
        if (!Double.isFinite(observations.get(i, j))) {
          throw ThalwegException.usage(
              "Number %d of observation %d is %s: an observation must be complete. Leave the number"
                  + " out of the simulator's output as well, or fill it in.",
              j + 1, i + 1, observations.get(i, j));
        }
      }
    }
  }

  /** Rows of a size. */
  static void require(Matrix observations, int size) {
    if (observations.columns() != size) {
      throw ThalwegException.usage(
          "The observation has %d numbers, the simulator gives %d.", observations.columns(), size);
    }
    require(observations);
  }
}
