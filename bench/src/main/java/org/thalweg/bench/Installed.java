package org.thalweg.bench;

import java.util.ServiceLoader;
import org.thalweg.api.plugin.PluginOrigin;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.plugin.ThalwegPlugin;

/** What the plugins on the class path offer. */
public final class Installed {
  private Installed() {}

  /** A registry of all plugins on the class path. */
  public static Registry registry() {
    Registry.Builder builder = Registry.builder();
    for (ThalwegPlugin plugin : ServiceLoader.load(ThalwegPlugin.class)) {
      builder.add(
          plugin, new PluginOrigin(plugin.getClass().getName(), "benchmarked", "class path"));
    }
    return builder.build();
  }
}
