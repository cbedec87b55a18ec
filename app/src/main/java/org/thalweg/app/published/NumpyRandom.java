package org.thalweg.app.published;

import org.thalweg.api.data.Matrix;

/**
 * The random numbers of numpy's {@code RandomState}, bit for bit, because the published POWER set
 * is shuffled by them: the Mersenne Twister MT19937 (Matsumoto and Nishimura, 1998).
 */
final class NumpyRandom {
  private static final int N = 624;
  private static final int M = 397;

  private final int[] state = new int[N];
  private int next = N;

  NumpyRandom(int seed) {
    state[0] = seed;
    for (int i = 1; i < N; i++) {
      state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
    }
  }

  private int bits() {
    if (next == N) {
      for (int i = 0; i < N; i++) {
        int y = (state[i] & 0x80000000) | (state[(i + 1) % N] & 0x7fffffff);
        state[i] = state[(i + M) % N] ^ (y >>> 1) ^ ((y & 1) * 0x9908b0df);
      }
      next = 0;
    }
    int y = state[next++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return y ^ (y >>> 18);
  }

  /** {@code rand()}: uniform on [0, 1), of 53 bits. */
  double uniform() {
    long high = bits() >>> 5;
    long low = bits() >>> 6;
    return (high * 67108864.0 + low) / 9007199254740992.0;
  }

  /** Uniform on 0 to {@code most}, by rejection. */
  private int below(int most) {
    int mask = most == 0 ? 0 : -1 >>> Integer.numberOfLeadingZeros(most);
    int value = bits() & mask;
    while (value > most) {
      value = bits() & mask;
    }
    return value;
  }

  /** {@code shuffle}: permutes rows in place. */
  void shuffle(Matrix rows) {
    double[] x = rows.values();
    int d = rows.columns();
    for (int i = rows.rows() - 1; i > 0; i--) {
      int j = below(i);
      for (int k = 0; k < d; k++) {
        double swap = x[i * d + k];
        x[i * d + k] = x[j * d + k];
        x[j * d + k] = swap;
      }
    }
  }
}
