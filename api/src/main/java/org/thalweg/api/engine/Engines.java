package org.thalweg.api.engine;

import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.Names;
import org.thalweg.api.error.ThalwegException;

/** The engines on the module path or the class path. */
public final class Engines {
  private Engines() {}

  /** All of them, available or not, sorted by name. */
  public static List<EngineProvider> installed() {
    return ServiceLoader.load(EngineProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .sorted(Comparator.comparing(EngineProvider::name))
        .toList();
  }

  /**
   * Opens an engine by name.
   *
   * @throws ThalwegException exit code 2 for an unknown name; 4 where it is not available, or where
   *     there is no engine at all
   */
  public static Engine open(String name, EngineOptions options) {
    List<EngineProvider> installed = installed();
    if (installed.isEmpty()) {
      throw new ThalwegException(
          ExitCode.ENGINE,
          "There is no engine: put thalweg-engine-cpu and its natives on the class path.");
    }
    return installed.stream()
        .filter(provider -> provider.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                Names.unknown(
                    "engine", name, installed.stream().map(EngineProvider::name).toList()))
        .open(options);
  }
}
