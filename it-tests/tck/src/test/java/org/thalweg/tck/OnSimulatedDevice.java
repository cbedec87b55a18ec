package org.thalweg.tck;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** The way of a device, on the processor: what can be tested of it where there is no GPU. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
interface OnSimulatedDevice {
  /** Makes the engine {@code gpu} available everywhere. */
  String PROPERTY = "thalweg.gpu.simulated";

  @BeforeAll
  default void simulate() {
    System.setProperty(PROPERTY, "true");
  }

  @AfterAll
  default void end() {
    System.clearProperty(PROPERTY);
  }
}
