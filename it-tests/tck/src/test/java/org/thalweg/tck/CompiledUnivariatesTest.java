package org.thalweg.tck;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.DataType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** On the processor the optimiser of scripts fuses nothing, but rewrites and specialises them. */
class CompiledUnivariatesTest extends UnivariatesTest implements OnSimulatedDevice {
  private static final String PROPERTY = "thalweg.gpu.fused";

  @BeforeAll
  @Override
  public void simulate() {
    System.setProperty(PROPERTY, "true");
    OnSimulatedDevice.super.simulate();
  }

  @AfterAll
  @Override
  public void end() {
    OnSimulatedDevice.super.end();
    System.clearProperty(PROPERTY);
  }

  @Override
  protected String engineName() {
    return "gpu";
  }

  @Test
  void theEngineCompiles() {
    assertTrue(engine(DataType.FLOAT32).numbers().endsWith(" fused"));
  }
}
