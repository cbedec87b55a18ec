package org.thalweg.tck;

class TransformsOnDeviceTest extends TransformsTest implements OnSimulatedDevice {
  @Override
  protected String engineName() {
    return "gpu";
  }
}
