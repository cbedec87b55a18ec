package org.thalweg.app.plugins;

import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.module.ResolvedModule;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.zip.ZipFile;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.plugin.ThalwegPlugin;

/**
 * How a plugin of a directory is kept apart. Jars that are all explicit modules become a layer over
 * the application's; any other become the unnamed module of a class loader. As automatic modules
 * their copies of our libraries would fail ("reads more than one module named") or silently lose to
 * ours.
 *
 * <p>The context class loader is left alone on purpose: DJL looks for its engines through the one
 * of the thread that first touches it, and would find none through a plugin's.
 */
final class Isolation {
  private final ClassLoader application;
  private final Module self;

  Isolation() {
    application = Isolation.class.getClassLoader();
    self = Isolation.class.getModule();
  }

  /** Who offers plugins in a place, and how to let go of it. */
  record Opened(List<ServiceLoader.Provider<ThalwegPlugin>> providers, Runnable discard) {}

  /**
   * Opens a place.
   *
   * @throws java.lang.module.ResolutionException and others where the jars do not fit together
   */
  Opened open(PluginLocation location) throws IOException {
    return self.isNamed() && allModules(location.jars()) ? layer(location) : loader(location);
  }

  private Opened layer(PluginLocation location) {
    ModuleFinder finder = ModuleFinder.of(location.jars().toArray(Path[]::new));
    Set<String> names =
        finder.findAll().stream()
            .map(ModuleReference::descriptor)
            .map(descriptor -> descriptor.name())
            .collect(Collectors.toSet());
    Configuration configuration =
        self.getLayer().configuration().resolve(finder, ModuleFinder.of(), names);
    refuseForeign(configuration, names);
    ModuleLayer layer =
        self.getLayer()
            .defineModulesWithOneLoader(configuration, ClassLoader.getPlatformClassLoader());
    List<ServiceLoader.Provider<ThalwegPlugin>> own =
        ServiceLoader.load(layer, ThalwegPlugin.class).stream()
            .filter(provider -> provider.type().getModule().getLayer() == layer)
            .toList();
    return new Opened(own, () -> {});
  }

  /** A plugin made of modules sees no more of the application than any other plugin does. */
  private static void refuseForeign(Configuration configuration, Set<String> own) {
    for (ResolvedModule module : configuration.modules()) {
      for (ModuleDescriptor.Requires requires : module.reference().descriptor().requires()) {
        String name = requires.name();
        boolean atRunTime =
            !requires.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC);
        boolean allowed =
            own.contains(name)
                || SharedPackages.ownsModule(name)
                || ModuleFinder.ofSystem().find(name).isPresent();
        if (atRunTime && !allowed) {
          throw ThalwegException.usage(
              "module %s requires %s, which belongs to Thalweg's own parts and not to what plugins "
                  + "share with it. Put a copy of that library beside the plugin, or ask the "
                  + "registry for what another plugin offers.",
              module.name(), name);
        }
      }
    }
  }

  private Opened loader(PluginLocation location) {
    IsolatedClassLoader loader =
        new IsolatedClassLoader(
            "plugin " + location.path().getFileName(), location.jars(), application);
    try {
      return new Opened(
          ServiceLoader.load(ThalwegPlugin.class, loader).stream().toList(), loader::discard);
    } catch (RuntimeException | Error e) {
      loader.discard();
      throw e;
    }
  }

  private static boolean allModules(List<Path> jars) throws IOException {
    for (Path jar : jars) {
      try (JarFile file = new JarFile(jar.toFile(), false, ZipFile.OPEN_READ, Runtime.version())) {
        if (file.getJarEntry("module-info.class") == null) {
          return false;
        }
      }
    }
    return true;
  }
}
