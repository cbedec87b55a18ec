package org.thalweg.app.wiring;

import java.nio.file.Path;
import java.util.List;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.random.Seed;

/**
 * What every command takes.
 *
 * @param seed the origin of all randomness
 * @param engineOptions how an engine is opened
 * @param engine an engine's name, or {@code auto}
 * @param pluginPaths plugin directories beside the distribution's own
 * @param strictPlugins whether a plugin that fails to load is fatal
 */
public record Settings(
    Seed seed,
    EngineOptions engineOptions,
    String engine,
    List<Path> pluginPaths,
    boolean strictPlugins) {
  /** Copies the directories. */
  public Settings {
    pluginPaths = List.copyOf(pluginPaths);
  }
}
