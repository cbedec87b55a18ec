package org.thalweg.engine.cpu.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.pytorch.engine.PtNDArray;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * Keeps the memory of short-lived operands until a tape is closed.
 *
 * <p>In {@code x.mul(2)} DJL makes a tensor over a direct buffer of the JVM, multiplies, and drops
 * the buffer; libtorch's graph keeps the tensor for the backward pass. Once the buffer is collected
 * that pass reads freed memory, and the gradient is wrong without a word. DJL registers every new
 * tensor with the innermost {@link NDScope} of its thread: this one takes note of the buffers.
 */
final class Operands implements AutoCloseable {
  private static final VarHandle RESOURCES =
      field(NDScope.class, "resources", IdentityHashMap.class);
  private static final VarHandle BUFFER = field(PtNDArray.class, "dataRef", ByteBuffer.class);

  private final List<ByteBuffer> buffers = new ArrayList<>();
  private final NDScope scope = new NDScope();

  /** Starts on the calling thread. */
  Operands() {
    RESOURCES.set(scope, new Noted());
  }

  /** How many arrays were made of numbers of the host so far. */
  int count() {
    return buffers.size();
  }

  /** Lets go of the buffers, on the thread that opened this. */
  @Override
  public void close() {
    scope.close();
    buffers.clear();
  }

  /** Takes note of an array's buffer, and leaves the array alone. */
  private final class Noted extends IdentityHashMap<NDArray, NDArray> {
    private static final long serialVersionUID = 1L;

    @Override
    public NDArray put(NDArray key, NDArray value) {
      if (key instanceof PtNDArray array) {
        ByteBuffer buffer = (ByteBuffer) BUFFER.get(array);
        if (buffer != null) {
          buffers.add(buffer);
        }
      }
      return null;
    }
  }

  private static VarHandle field(Class<?> owner, String name, Class<?> type) {
    try {
      return MethodHandles.privateLookupIn(owner, MethodHandles.lookup())
          .findVarHandle(owner, name, type);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "This version of DJL keeps no field '" + name + "' in " + owner.getName() + ".", e);
    }
  }
}
