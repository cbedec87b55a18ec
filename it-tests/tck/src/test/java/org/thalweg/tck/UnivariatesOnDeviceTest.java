package org.thalweg.tck;

class UnivariatesOnDeviceTest extends UnivariatesTest implements OnSimulatedDevice {
  @Override
  protected String engineName() {
    return "gpu";
  }
}
