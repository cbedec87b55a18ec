package org.thalweg.splines;

import ai.djl.ndarray.types.DataType;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import org.thalweg.api.engine.HostArray;

/**
 * Host memory of either type, read and written in double precision, many elements at a time: a
 * direct buffer checks its bounds and its life at every access.
 */
interface HostNumbers {
  /** Reads {@code count} elements from element {@code from} on. */
  void read(int from, double[] out, int count);

  /** Writes {@code count} elements from element {@code from} on. */
  void write(int from, double[] values, int count);

  /** The elements of an array. */
  static HostNumbers of(HostArray array) {
    return array.type() == DataType.FLOAT32
        ? new Single(array.floats())
        : new Double(array.doubles());
  }

  /** Single precision. */
  final class Single implements HostNumbers {
    private final FloatBuffer numbers;
    private float[] some = new float[0];

    private Single(FloatBuffer numbers) {
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
