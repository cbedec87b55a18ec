package org.thalweg.app.plugins;

import java.util.List;
import org.thalweg.api.plugin.Registry;

/**
 * What was found.
 *
 * @param registry all that the plugins offer
 * @param problems the plugins that were skipped, for the caller to show
 */
public record LoadedPlugins(Registry registry, List<PluginProblem> problems) {
  /** Copies the problems. */
  public LoadedPlugins {
    problems = List.copyOf(problems);
  }
}
