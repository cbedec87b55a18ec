package org.thalweg.engine.cpu.torch;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import java.nio.Buffer;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * Sends numbers of the host to a device. To a GPU they go through page-locked memory, which it
 * fetches them from by itself: from any other the host would first wait for all that the device was
 * told before. DJL binds no such copy, so a script makes it. Thread-safe.
 */
final class Upload {
  /**
   * libtorch keeps page-locked memory for the next time: what is sent once is not to stay there.
   */
  private static final long MOST_BYTES = 1L << 26;

  private static final String SEND =
      "_3 = torch.append(results, torch.to(%s, torch.device(\"%s\"), None, True, True))\n";

  private final NDManager host;
  private final Script script;
  private volatile boolean refused;

  /**
   * Loads the script, and tries it.
   *
   * @param manager holds it
   * @param device where numbers are sent to
   * @param host a manager of the processor
   */
  Upload(PtNDManager manager, Device device, NDManager host) {
    this.host = host;
    this.script =
        new Script(
            manager,
            device.isGpu()
                ? SEND.formatted("torch.pin_memory(inputs[0])", "cuda:" + device.getDeviceId())
                : SEND.formatted("inputs[0]", "cpu"));
    try (PtNDManager own = (PtNDManager) manager.newSubManager()) {
      send(own, FloatBuffer.allocate(1), new Shape(1), DataType.FLOAT32);
    }
  }

  /** Whether numbers go the way of every other library, as page-locked memory was refused. */
  boolean refused() {
    return refused;
  }

  /** An array on {@code target}, which is of the device. */
  NDArray send(PtNDManager target, Buffer values, Shape shape, DataType type) {
    if (!refused && shape.size() * type.getNumOfBytes() <= MOST_BYTES) {
      try (NDManager own = host.newSubManager()) {
        PtNDArray near = (PtNDArray) own.create(values.duplicate(), shape, type);
        return script.call(target, List.of(), List.of(), List.of(near)).get(0);
      } catch (EngineException e) {
        // Where the device itself is full, this fails too, and says so.
        NDArray sent = target.create(values, shape, type);
        refused = true;
        return sent;
      }
    }
    return target.create(values, shape, type);
  }
}
