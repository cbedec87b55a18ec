package org.thalweg.api.inference;

import java.util.List;
import java.util.Map;
import org.thalweg.api.plugin.Provider;

/** Registers a named log-density. */
public interface TargetProvider<C extends Record> extends Provider<C> {
  /** The names of the values that the data must hold; none where the target needs no data. */
  default List<String> requiredData() {
    return List.of();
  }

  /**
   * The log-density with these options.
   *
   * @param data the values that the target conditions on, by name, as read from JSON; empty where
   *     the target has none
   */
  LogDensityProblem create(C config, Map<String, Object> data);
}
