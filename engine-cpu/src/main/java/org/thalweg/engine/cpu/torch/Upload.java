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
import java.util.List;
import java.util.function.Predicate;

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
  private final Predicate<EngineException> fatal;
  private volatile boolean refused;

  /**
   * Loads the script.
   *
   * @param manager holds it
   * @param device where numbers are sent to
   * @param host a manager of the processor
   * @param fatal which failures are not about page-locked memory
   */
  Upload(PtNDManager manager, Device device, NDManager host, Predicate<EngineException> fatal) {
    this.host = host;
    this.fatal = fatal;
    this.script =
        new Script(
            manager,
            device.isGpu()
                ? SEND.formatted("torch.pin_memory(inputs[0])", "cuda:" + device.getDeviceId())
                : SEND.formatted("inputs[0]", "cpu"));
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
        if (fatal.test(e)) {
          throw e;
        }
        refused = true;
      }
    }
    return target.create(values, shape, type);
  }
}
