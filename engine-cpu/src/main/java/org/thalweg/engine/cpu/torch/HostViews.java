package org.thalweg.engine.cpu.torch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.thalweg.api.engine.HostArray;

/** Tensors as host memory. */
final class HostViews {
  private HostViews() {}

  /** The memory of a tensor on the host, in place where it is contiguous. */
  static HostArray inPlace(NDArray array) {
    return new HostArray(array.getShape(), type(array), data(array));
  }

  /** A copy of a tensor of any device. */
  static HostArray copy(NDArray array) {
    DataType type = type(array);
    // Asking for a copy gives a handle of its own, so that closing it spares the argument.
    try (NDArray host = array.toDevice(Device.cpu(), true)) {
      ByteBuffer data = host.toByteBuffer(false).order(ByteOrder.nativeOrder());
      return new HostArray(array.getShape(), type, data);
    }
  }

  private static ByteBuffer data(NDArray array) {
    if (array.getShape().size() == 0) {
      // A tensor without elements may have no memory at all.
      return ByteBuffer.allocateDirect(0).order(ByteOrder.nativeOrder());
    }
    return array.toByteBuffer(true);
  }

  private static DataType type(NDArray array) {
    DataType type = array.getDataType();
    if (type != DataType.FLOAT32 && type != DataType.FLOAT64) {
      throw new IllegalArgumentException(
          "Host views are of float32 or float64 tensors, got " + type + ".");
    }
    return type;
  }
}
