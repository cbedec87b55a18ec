package org.thalweg.toolkit.train;

import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import org.thalweg.api.engine.HostArray;
import org.thalweg.api.engine.Storage;

/** Numbers in a storage as doubles, whichever of the two types it has. */
final class Elements {
  private Elements() {}

  /** A copy of the elements of an array that begins at {@code offset}. */
  static double[] read(Storage storage, long offset, Shape shape) {
    return view(storage, offset, shape).toDoubles();
  }

  /** Writes {@code values} from element {@code offset} on; the caller publishes. */
  static void write(Storage storage, long offset, double[] values) {
    view(storage, offset, new Shape(values.length)).set(values);
  }

  /** An array that begins at {@code offset}, in place. */
  static HostArray view(Storage storage, long offset, Shape shape) {
    int width = storage.dataType().getNumOfBytes();
    ByteBuffer whole = storage.host();
    ByteBuffer part =
        whole.slice(Math.toIntExact(offset * width), Math.toIntExact(shape.size() * width));
    return new HostArray(shape, storage.dataType(), part.order(whole.order()));
  }
}
