package org.thalweg.toolkit.train;

import ai.djl.ndarray.types.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import org.thalweg.api.engine.Storage;

/** Numbers in a storage as doubles, whichever of the two types it has. */
final class Elements {
  private Elements() {}

  /** Fills {@code out} from element {@code offset} on. */
  static void read(Storage storage, long offset, double[] out) {
    int start = Math.toIntExact(offset);
    if (storage.dataType() == DataType.FLOAT32) {
      FloatBuffer floats = bytes(storage).asFloatBuffer();
      for (int i = 0; i < out.length; i++) {
        out[i] = floats.get(start + i);
      }
    } else {
      DoubleBuffer doubles = bytes(storage).asDoubleBuffer();
      doubles.get(start, out);
    }
  }

  /** Writes {@code values} from element {@code offset} on; the caller publishes. */
  static void write(Storage storage, long offset, double[] values) {
    int start = Math.toIntExact(offset);
    if (storage.dataType() == DataType.FLOAT32) {
      FloatBuffer floats = bytes(storage).asFloatBuffer();
      for (int i = 0; i < values.length; i++) {
        floats.put(start + i, (float) values[i]);
      }
    } else {
      bytes(storage).asDoubleBuffer().put(start, values);
    }
  }

  private static ByteBuffer bytes(Storage storage) {
    return storage.host().duplicate().order(ByteOrder.nativeOrder());
  }
}
