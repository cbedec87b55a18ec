package org.thalweg.tck;

import java.util.Optional;
import java.util.ServiceLoader;
import org.thalweg.api.config.Choice;
import org.thalweg.api.plugin.PluginOrigin;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.plugin.ThalwegPlugin;

/** The plugins on the module path or the class path of a test. */
public final class Installed {
  private Installed() {}

  /** All that they offer. */
  public static Registry registry() {
    Registry.Builder builder = Registry.builder();
    ServiceLoader.load(ThalwegPlugin.class)
        .forEach(plugin -> builder.add(plugin, origin(plugin.getClass())));
    return builder.build();
  }

  /** Everything of a kind with its default options. */
  public static java.util.stream.Stream<Choice> all(Registry.Kind kind) {
    return registry().all(kind).keySet().stream().map(Choice::of);
  }

  private static PluginOrigin origin(Class<?> plugin) {
    String name = Optional.ofNullable(plugin.getModule().getName()).orElse(plugin.getName());
    String location =
        Optional.ofNullable(plugin.getProtectionDomain().getCodeSource())
            .map(source -> source.getLocation().toString())
            .orElse("unknown");
    return new PluginOrigin(name, "test", location);
  }
}
