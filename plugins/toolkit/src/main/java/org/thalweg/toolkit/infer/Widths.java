package org.thalweg.toolkit.infer;

import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ThalwegException;

/** Refuses parameters of another number. */
final class Widths {
  private Widths() {}

  static void check(Matrix parameters, int expected) {
    if (parameters.columns() != expected) {
      throw ThalwegException.usage(
          "The prior is over %d parameters, got rows of %d.", expected, parameters.columns());
    }
  }
}
