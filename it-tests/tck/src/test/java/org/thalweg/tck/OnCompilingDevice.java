package org.thalweg.tck;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * The same with scripts that libtorch compiles. On the processor it fuses nothing, but rewrites and
 * specialises them.
 */
interface OnCompilingDevice extends OnSimulatedDevice {
  /** Makes the engine {@code gpu} compile. */
  String FUSED = "thalweg.gpu.fused";

  @BeforeAll
  @Override
  default void simulate() {
    System.setProperty(FUSED, "true");
    OnSimulatedDevice.super.simulate();
  }

  @AfterAll
  @Override
  default void end() {
    OnSimulatedDevice.super.end();
    System.clearProperty(FUSED);
  }
}
