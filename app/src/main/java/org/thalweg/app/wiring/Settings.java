package org.thalweg.app.wiring;

import ai.djl.ndarray.types.DataType;
import java.nio.file.Path;
import java.util.List;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.random.Seed;

/**
 * What every command takes.
 *
 * @param seed the origin of all randomness
 * @param threads how many workers compute at the same time
 * @param engine an engine's name, or {@code auto}
 * @param precision FLOAT32 or FLOAT64
 * @param pluginPaths plugin directories beside the distribution's own
 * @param strictPlugins whether a plugin that fails to load is fatal
 */
public record Settings(
    Seed seed,
    int threads,
    String engine,
    DataType precision,
    List<Path> pluginPaths,
    boolean strictPlugins) {
  /** Copies the directories. */
  public Settings {
    pluginPaths = List.copyOf(pluginPaths);
  }

  /** How an engine is opened. */
  public EngineOptions engineOptions() {
    return new EngineOptions(threads, precision);
  }
}
