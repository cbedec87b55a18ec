package org.thalweg.api.data;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.thalweg.api.error.ThalwegException;

/**
 * An array as it is stored in a file.
 *
 * @param shape its shape
 * @param type FLOAT32, FLOAT64 or INT64
 * @param data its elements, row-major, little-endian, from position 0 to the limit
 */
public record Tensor(Shape shape, DataType type, ByteBuffer data) {
  /** Refuses memory of another size. */
  public Tensor {
    if (data.remaining() != shape.size() * type.getNumOfBytes()) {
      throw ThalwegException.data(
          "A tensor of shape %s and type %s needs %d bytes, got %d.",
          shape, type, shape.size() * type.getNumOfBytes(), data.remaining());
    }
  }

  /** A copy of numbers in double precision. */
  public static Tensor of(double[] values, long... shape) {
    ByteBuffer data = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
    data.asDoubleBuffer().put(values);
    return new Tensor(new Shape(shape), DataType.FLOAT64, data);
  }

  /** A copy of whole numbers. */
  public static Tensor of(long[] values) {
    ByteBuffer data = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
    data.asLongBuffer().put(values);
    return new Tensor(new Shape(values.length), DataType.INT64, data);
  }

  /** A copy of the elements in double precision. */
  public double[] toDoubles() {
    ByteBuffer view = data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    double[] out = new double[Math.toIntExact(shape.size())];
    for (int i = 0; i < out.length; i++) {
      out[i] =
          switch (type) {
            case FLOAT32 -> view.getFloat();
            case FLOAT64 -> view.getDouble();
            case INT64 -> view.getLong();
            default -> throw ThalwegException.data("Tensors of type %s are not read.", type);
          };
    }
    return out;
  }

  /** A copy of the elements as whole numbers; the type must be INT64. */
  public long[] toLongs() {
    if (type != DataType.INT64) {
      throw ThalwegException.data("Expected a tensor of INT64, got %s.", type);
    }
    long[] out = new long[Math.toIntExact(shape.size())];
    data.duplicate().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(out);
    return out;
  }
}
