package org.thalweg.tck;

import org.junit.jupiter.api.Tag;

/** Takes as long as all of the same on the processor, so it is not for every build. */
@Tag("acceptance")
class EstimatorsOnDeviceTest extends EstimatorsTest implements OnSimulatedDevice {
  @Override
  protected String engineName() {
    return "gpu";
  }
}
