package org.thalweg.tck;

import java.util.stream.Stream;
import org.thalweg.api.engine.EngineProvider;
import org.thalweg.api.engine.Engines;

class SimulatedDeviceTest extends EngineContract implements OnSimulatedDevice {
  @Override
  protected Stream<EngineProvider> engines() {
    return Engines.installed().stream().filter(engine -> engine.name().equals("gpu"));
  }
}
