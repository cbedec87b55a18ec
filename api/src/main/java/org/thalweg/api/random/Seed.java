package org.thalweg.api.random;

import java.util.SplittableRandom;

/**
 * The origin of all randomness: a stream is split per purpose, step and worker, so what one part
 * draws never depends on how much another part drew, nor on the order of threads. The same seed,
 * thread count and engine give the same bits.
 *
 * @param value any number; printed and stored with everything that was made from it
 */
public record Seed(long value) {
  /** The seed of a named purpose, such as {@code shuffle}. */
  public Seed child(String purpose) {
    long hash = value;
    for (int i = 0; i < purpose.length(); i++) {
      hash = mix(hash ^ purpose.charAt(i));
    }
    return new Seed(mix(hash + 1));
  }

  /** The seed of the n-th step, worker or row. */
  public Seed child(long n) {
    return new Seed(mix(mix(value) ^ mix(n + 0x632be59bd9b4e019L)));
  }

  /** A fresh generator; two calls give two generators with the same stream. */
  public SplittableRandom generator() {
    return new SplittableRandom(value);
  }

  /** Stafford's variant 13 of the 64-bit finaliser of MurmurHash3. */
  private static long mix(long z) {
    long y = z + 0x9e3779b97f4a7c15L;
    y = (y ^ (y >>> 30)) * 0xbf58476d1ce4e5b9L;
    y = (y ^ (y >>> 27)) * 0x94d049bb133111ebL;
    return y ^ (y >>> 31);
  }
}
