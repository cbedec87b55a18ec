package org.thalweg.tck;

import org.junit.jupiter.api.Tag;

/** Takes longer than all of the same on the processor, so it is not for every build. */
@Tag("acceptance")
class InferencesOnDeviceTest extends InferencesTest implements OnSimulatedDevice {
  @Override
  protected String engineName() {
    return "gpu";
  }
}
