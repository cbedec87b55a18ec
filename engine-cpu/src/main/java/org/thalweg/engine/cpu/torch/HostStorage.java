package org.thalweg.engine.cpu.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.thalweg.api.engine.Storage;
import org.thalweg.api.error.ThalwegException;

/** Direct memory of the JVM that tensors lie over without a copy. */
final class HostStorage implements Storage {
  /** What libtorch's vector code likes best. */
  private static final int ALIGNMENT = 64;

  /** An offset at a multiple of this many elements is aligned in both types. */
  private static final int ALIGNED_ELEMENTS = 16;

  private final DataType type;
  private final ByteBuffer memory;

  HostStorage(DataType type, long elements) {
    this.type = type;
    long bytes = elements * type.getNumOfBytes();
    if (elements < 0 || bytes > Integer.MAX_VALUE - 2L * ALIGNMENT) {
      throw ThalwegException.usage(
          "One storage holds at most 2 GB: %d numbers of type %s do not fit. Use a smaller model.",
          elements, type);
    }
    int padded = (int) (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    ByteBuffer whole = ByteBuffer.allocateDirect(padded + ALIGNMENT);
    memory = whole.alignedSlice(ALIGNMENT).slice(0, (int) bytes);
  }

  @Override
  public DataType dataType() {
    return type;
  }

  @Override
  public ByteBuffer host() {
    return memory.duplicate().order(ByteOrder.nativeOrder());
  }

  @Override
  public void publish() {
    // Tensors lie over this very memory.
  }

  @Override
  public NDArray view(NDManager manager, long offset, Shape shape) {
    check(offset, shape, memory.capacity() / type.getNumOfBytes());
    int width = type.getNumOfBytes();
    // The tensor holds on to the slice, and the slice to the memory.
    ByteBuffer slice =
        memory
            .slice((int) offset * width, (int) shape.size() * width)
            .order(ByteOrder.nativeOrder());
    return manager.create(slice, shape, type);
  }

  /** Refuses a view that is not aligned or not inside. */
  static void check(long offset, Shape shape, long elements) {
    if (offset < 0 || offset % ALIGNED_ELEMENTS != 0 || offset + shape.size() > elements) {
      throw new IllegalArgumentException(
          String.format(
              "A view of shape %s at element %d does not lie at a multiple of %d inside %d elements.",
              shape, offset, ALIGNED_ELEMENTS, elements));
    }
  }
}
