package org.thalweg.tck;

import java.util.stream.Stream;
import org.thalweg.api.engine.EngineProvider;
import org.thalweg.api.engine.Engines;

class EnginesTest extends EngineContract {
  @Override
  protected Stream<EngineProvider> engines() {
    return Engines.installed().stream();
  }
}
