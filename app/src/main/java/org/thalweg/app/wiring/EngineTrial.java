package org.thalweg.app.wiring;

import java.util.Optional;
import java.util.OptionalDouble;
import org.thalweg.api.engine.Engine;

/** A short measurement of the work that is to be done. */
@FunctionalInterface
public interface EngineTrial {
  /** Units of work a second on an engine; empty where there is nothing to measure. */
  OptionalDouble rate(Engine engine);

  /**
   * All that the rate depends on besides the machine, as text; work of the same shape is measured
   * once. Empty: it is measured each time.
   */
  default Optional<String> shape() {
    return Optional.empty();
  }
}
