package org.thalweg.api.inference;

import java.util.Map;
import org.thalweg.api.plugin.Provider;

/** Registers a named log-density. */
public interface TargetProvider<C extends Record> extends Provider<C> {
  /**
   * The log-density with these options.
   *
   * @param data the values that the target conditions on, by name, as read from JSON; empty where
   *     the target has none
   */
  LogDensityProblem create(C config, Map<String, Object> data);
}
