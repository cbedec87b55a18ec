package org.thalweg.api.transform;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/**
 * One end of a set, as a function of parameters that are declared earlier. Both forms must give the
 * same numbers: one is for Java arrays, the other is differentiated.
 */
public interface Bound {
  /**
   * The end for one row.
   *
   * @param earlier the values of all parameters declared earlier, in order; later ones may follow
   */
  double at(double[] earlier);

  /**
   * The end for a batch.
   *
   * @param earlier {@code [N, E]}: the values of all parameters declared earlier, in order
   * @return {@code [N, 1]}
   */
  NDArray at(NDArray earlier);

  /** An end that depends on nothing. */
  static Bound constant(double value) {
    return new Bound() {
      @Override
      public double at(double[] earlier) {
        return value;
      }

      @Override
      public NDArray at(NDArray earlier) {
        NDArray ones = earlier.getManager().ones(batch(earlier), earlier.getDataType());
        return ones.mul(value);
      }
    };
  }

  /**
   * {@code constant + factor * parameter}.
   *
   * @param index which of the earlier numbers, counted from 0
   */
  static Bound line(double constant, double factor, int index) {
    return new Bound() {
      @Override
      public double at(double[] earlier) {
        return constant + factor * earlier[index];
      }

      @Override
      public NDArray at(NDArray earlier) {
        String column = ":, %d:%d".formatted(index, index + 1);
        return earlier.get(column).mul(factor).add(constant);
      }
    };
  }

  private static Shape batch(NDArray earlier) {
    return new Shape(earlier.getShape().get(0), 1);
  }
}
