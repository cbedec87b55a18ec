package org.thalweg.api.engine;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;

/**
 * A tensor's elements as host memory, row-major, in native byte order.
 *
 * @param shape the tensor's shape
 * @param type FLOAT32 or FLOAT64
 * @param data {@code shape.size()} elements from position 0
 */
public record HostArray(Shape shape, DataType type, ByteBuffer data) {
  /** The number of elements. */
  public int size() {
    return Math.toIntExact(shape.size());
  }

  /** The elements as floats; the type must be FLOAT32. */
  public FloatBuffer floats() {
    require(DataType.FLOAT32);
    return data.duplicate().order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  /** The elements as doubles; the type must be FLOAT64. */
  public DoubleBuffer doubles() {
    require(DataType.FLOAT64);
    return data.duplicate().order(ByteOrder.nativeOrder()).asDoubleBuffer();
  }

  /** The elements in double precision, whichever type they have. */
  public HostNumbers numbers() {
    return type == DataType.FLOAT32
        ? new HostNumbers.Single(floats())
        : new HostNumbers.Double(doubles());
  }

  /** A copy of the elements in double precision, whichever type they have. */
  public double[] toDoubles() {
    double[] out = new double[size()];
    numbers().read(0, out, out.length);
    return out;
  }

  /** Writes all elements, whichever type they have. */
  public void set(double[] values) {
    if (values.length != size()) {
      throw new IllegalArgumentException(
          "An array of shape " + shape + " does not hold " + values.length + " elements.");
    }
    numbers().write(0, values, values.length);
  }

  private void require(DataType wanted) {
    if (type != wanted) {
      throw new IllegalStateException("The array is " + type + ", not " + wanted + ".");
    }
  }
}
