package org.thalweg.api.engine;

import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;

/**
 * Host memory of either type, read and written in double precision, many elements at a time: a
 * direct buffer checks its bounds and its life at every access. For one thread.
 */
public sealed interface HostNumbers {
  /** Reads {@code count} elements from element {@code from} on. */
  void read(int from, double[] out, int count);

  /** Writes {@code count} elements from element {@code from} on. */
  void write(int from, double[] values, int count);

  /** Single precision. */
  final class Single implements HostNumbers {
    private final FloatBuffer numbers;
    private float[] some = new float[0];

    Single(FloatBuffer numbers) {
      this.numbers = numbers;
    }

    @Override
    public void read(int from, double[] out, int count) {
      float[] floats = room(count);
      numbers.get(from, floats, 0, count);
      for (int i = 0; i < count; i++) {
        out[i] = floats[i];
      }
    }

    @Override
    public void write(int from, double[] values, int count) {
      float[] floats = room(count);
      for (int i = 0; i < count; i++) {
        floats[i] = (float) values[i];
      }
      numbers.put(from, floats, 0, count);
    }

    private float[] room(int count) {
      if (some.length < count) {
        some = new float[count];
      }
      return some;
    }
  }

  /** Double precision. */
  record Double(DoubleBuffer numbers) implements HostNumbers {
    @Override
    public void read(int from, double[] out, int count) {
      numbers.get(from, out, 0, count);
    }

    @Override
    public void write(int from, double[] values, int count) {
      numbers.put(from, values, 0, count);
    }
  }
}
