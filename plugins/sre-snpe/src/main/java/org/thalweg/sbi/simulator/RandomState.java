package org.thalweg.sbi.simulator;

import org.hipparchus.random.MersenneTwister;

/**
 * NumPy's legacy generator, which made the constants of two tasks of the benchmark: the Mersenne
 * twister, with normal numbers by Marsaglia's polar method, two at a time.
 */
final class RandomState {
  private final MersenneTwister bits;
  private boolean kept;
  private double keptValue;

  RandomState(int seed) {
    bits = new MersenneTwister(seed);
  }

  /** 53 bits, from the upper ends of two words. */
  private double uniform() {
    int high = bits.nextInt() >>> 5;
    int low = bits.nextInt() >>> 6;
    return (high * 67108864.0 + low) / 9007199254740992.0;
  }

  double normal() {
    if (kept) {
      kept = false;
      return keptValue;
    }
    double x;
    double y;
    double square;
    do {
      x = 2 * uniform() - 1;
      y = 2 * uniform() - 1;
      square = x * x + y * y;
    } while (square >= 1 || square == 0);
    double factor = Math.sqrt(-2 * Math.log(square) / square);
    kept = true;
    keptValue = factor * x;
    return factor * y;
  }

  double[] normals(int count) {
    double[] out = new double[count];
    for (int i = 0; i < count; i++) {
      out[i] = normal();
    }
    return out;
  }

  /** The numbers from 0 to {@code count - 1} in a random order. */
  int[] permutation(int count) {
    int[] out = new int[count];
    for (int i = 0; i < count; i++) {
      out[i] = i;
    }
    for (int i = count - 1; i > 0; i--) {
      int j = upTo(i);
      int value = out[i];
      out[i] = out[j];
      out[j] = value;
    }
    return out;
  }

  /** A whole number from 0 to {@code max}: words are masked, those above it thrown away. */
  private int upTo(int max) {
    int mask = 2 * Integer.highestOneBit(max) - 1;
    int value;
    do {
      value = bits.nextInt() & mask;
    } while (value > max);
    return value;
  }
}
