package org.thalweg.toolkit.train;

import ai.djl.ndarray.types.DataType;
import java.util.stream.IntStream;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.engine.Precision;

/** The code path of a device, on the processor. */
final class Simulated {
  private static final String PROPERTY = "thalweg.gpu.simulated";

  private Simulated() {}

  static Engine device(DataType type) {
    return open(new EngineOptions(2, type));
  }

  /** Several devices, that a batch is divided over. */
  static Engine devices(Precision precision, int count) {
    return open(new EngineOptions(1, precision, IntStream.range(0, count).boxed().toList()));
  }

  private static Engine open(EngineOptions options) {
    System.setProperty(PROPERTY, "true");
    try {
      return Engines.open("gpu", options);
    } finally {
      System.clearProperty(PROPERTY);
    }
  }

  /** How often numbers came back from the device, each of which waits for it. */
  static long readBacks(Engine engine) {
    return Long.parseLong(engine.describe().get("read-backs"));
  }
}
