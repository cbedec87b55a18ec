package org.thalweg.engine.cpu.torch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Collections;
import java.util.List;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Storage;

/** Engines, parameters and numbers for tests. */
final class Engines {
  private Engines() {}

  static TorchEngine host(DataType type) {
    return TorchEngine.open(
        "cpu", List.of(Device.cpu()), new EngineOptions(1, type), Scripts.AS_WRITTEN);
  }

  /** As on a device whose memory the host does not see. */
  static TorchEngine blind(DataType type) {
    return blind(type, 1);
  }

  /** The same of several devices. */
  static TorchEngine blind(DataType type, int devices) {
    List<Device> all = Collections.nCopies(devices, Device.cpu());
    return new TorchEngine("blind", all, new EngineOptions(1, type), false, Scripts.AS_WRITTEN);
  }

  /** The same of one device whose scripts are compiled. */
  static TorchEngine fused(DataType type) {
    return new TorchEngine(
        "blind", List.of(Device.cpu()), new EngineOptions(1, type), false, Scripts.FUSED);
  }

  static Parameter parameter(TorchEngine engine, Shape shape, double... values) {
    Storage storage = engine.newStorage(shape.size());
    write(storage, values);
    return new Parameter("p", shape, true, storage, 0);
  }

  /** Writes values in place, from the start. */
  static void write(Storage storage, double... values) {
    ByteBuffer host = storage.host();
    if (storage.dataType() == DataType.FLOAT64) {
      DoubleBuffer doubles = host.asDoubleBuffer();
      doubles.put(values);
    } else {
      FloatBuffer floats = host.asFloatBuffer();
      for (double value : values) {
        floats.put((float) value);
      }
    }
    storage.publish();
  }

  static double[] numbers(NDArray array) {
    return HostViews.copy(array).toDoubles();
  }

  static double number(NDArray array) {
    return numbers(array)[0];
  }
}
