package org.thalweg.app.plugins;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.Configuration;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.module.ResolvedModule;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.jar.JarEntry;
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
  private static final String DESCRIPTOR = "module-info.class";
  private static final String LIST = "META-INF/services/" + ThalwegPlugin.class.getName();

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

  private Opened loader(PluginLocation location) throws IOException {
    refuseUnlisted(location.jars());
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

  /**
   * In an unnamed module a descriptor counts for nothing: a plugin that only it names would be
   * passed over without a word.
   */
  private static void refuseUnlisted(List<Path> jars) throws IOException {
    for (Path jar : jars) {
      try (JarFile file = open(jar)) {
        JarEntry descriptor = file.getJarEntry(DESCRIPTOR);
        if (descriptor != null && file.getJarEntry(LIST) == null && provides(file, descriptor)) {
          throw ThalwegException.usage(
              "%s provides %s in its module-info but has no %s. It is loaded from a class path, "
                  + "since not all jars beside it are modules or Thalweg itself is on one, and there "
                  + "only that list is read. Write it too: @AutoService(%s.class) does.",
              jar.getFileName(),
              ThalwegPlugin.class.getSimpleName(),
              LIST,
              ThalwegPlugin.class.getSimpleName());
        }
      }
    }
  }

  private static boolean provides(JarFile file, JarEntry descriptor) throws IOException {
    try (InputStream in = file.getInputStream(descriptor)) {
      return ModuleDescriptor.read(in).provides().stream()
          .anyMatch(provided -> provided.service().equals(ThalwegPlugin.class.getName()));
    }
  }

  private static boolean allModules(List<Path> jars) throws IOException {
    for (Path jar : jars) {
      try (JarFile file = open(jar)) {
        if (file.getJarEntry(DESCRIPTOR) == null) {
          return false;
        }
      }
    }
    return true;
  }

  /** With the entries that this version of Java sees. */
  private static JarFile open(Path jar) throws IOException {
    return new JarFile(jar.toFile(), false, ZipFile.OPEN_READ, Runtime.version());
  }
}
