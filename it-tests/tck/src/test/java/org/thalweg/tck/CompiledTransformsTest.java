package org.thalweg.tck;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.DataType;
import org.junit.jupiter.api.Test;

class CompiledTransformsTest extends TransformsTest implements OnCompilingDevice {
  @Override
  protected String engineName() {
    return "gpu";
  }

  @Test
  void theEngineCompiles() {
    assertTrue(engine(DataType.FLOAT32).numbers().endsWith(" fused"));
  }
}
