package org.thalweg.api.density;

import java.util.SplittableRandom;

/** Fills a new parameter. */
@FunctionalInterface
public interface Initializer {
  /**
   * The initial values.
   *
   * @param size the number of elements
   * @param random a stream that belongs to this parameter alone
   */
  double[] values(int size, SplittableRandom random);

  /** All zeros. */
  Initializer ZEROS = (size, random) -> new double[size];

  /** Uniform on {@code [-bound, bound]}. */
  static Initializer uniform(double bound) {
    return (size, random) -> random.doubles(size, -bound, Math.nextUp(bound)).toArray();
  }

  /** These values, repeated until the parameter is full. */
  static Initializer repeat(double... values) {
    double[] copy = values.clone();
    return (size, random) -> {
      double[] out = new double[size];
      for (int i = 0; i < size; i++) {
        out[i] = copy[i % copy.length];
      }
      return out;
    };
  }
}
