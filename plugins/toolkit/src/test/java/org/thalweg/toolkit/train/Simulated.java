package org.thalweg.toolkit.train;

import ai.djl.ndarray.types.DataType;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;

/** The code path of a device, on the processor. */
final class Simulated {
  private static final String PROPERTY = "thalweg.gpu.simulated";

  private Simulated() {}

  static Engine device(DataType type) {
    System.setProperty(PROPERTY, "true");
    try {
      return Engines.open("gpu", new EngineOptions(2, type));
    } finally {
      System.clearProperty(PROPERTY);
    }
  }

  /** How often numbers came back from the device, each of which waits for it. */
  static long readBacks(Engine engine) {
    return Long.parseLong(engine.describe().get("read-backs"));
  }
}
