package org.thalweg.app.plugins;

import java.io.IOException;
import java.lang.module.FindException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ResolvedModule;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.thalweg.api.plugin.PluginOrigin;
import org.thalweg.api.plugin.ThalwegPlugin;

/** The name, the version and the place of plugins. */
final class Origins {
  private static final String UNKNOWN = "unknown";

  private Origins() {}

  /** Where a built-in plugin comes from, in a module or on the class path. */
  static PluginOrigin builtIn(Class<? extends ThalwegPlugin> type) {
    Module module = type.getModule();
    if (module.isNamed()) {
      String location = location(module).map(Origins::readable).orElse("the application");
      return inModule(type, location);
    }
    return codeSource(type)
        .map(path -> inJar(path, path.toString()))
        .orElseGet(() -> new PluginOrigin(type.getName(), UNKNOWN, "the class path"));
  }

  /** Where a plugin of a plugin directory comes from. */
  static PluginOrigin at(PluginLocation location, Class<? extends ThalwegPlugin> type) {
    String place = location.path().toString();
    if (type.getModule().isNamed()) {
      return inModule(type, place);
    }
    return inJar(codeSource(type).orElse(location.jars().get(0)), place);
  }

  private static PluginOrigin inModule(Class<?> type, String location) {
    ModuleDescriptor descriptor = type.getModule().getDescriptor();
    String version =
        descriptor
            .rawVersion()
            .or(() -> codeSource(type).flatMap(Origins::manifestVersion))
            .orElse(UNKNOWN);
    return new PluginOrigin(descriptor.name(), version, location);
  }

  /** A jar is named like the module that it is, or would be; the same jar has one name anywhere. */
  private static PluginOrigin inJar(Path path, String location) {
    Optional<ModuleDescriptor> descriptor = descriptor(path);
    String fileName = String.valueOf(path.getFileName()).replaceFirst("\\.jar$", "");
    String version =
        manifestVersion(path)
            .or(() -> descriptor.flatMap(ModuleDescriptor::rawVersion))
            .orElse(UNKNOWN);
    return new PluginOrigin(
        descriptor.map(ModuleDescriptor::name).orElse(fileName), version, location);
  }

  private static Optional<ModuleDescriptor> descriptor(Path path) {
    try {
      return ModuleFinder.of(path).findAll().stream()
          .map(reference -> reference.descriptor())
          .findFirst();
    } catch (FindException e) {
      // No module name can be made of the file's name; then it has none.
      return Optional.empty();
    }
  }

  private static Optional<String> manifestVersion(Path jar) {
    if (!Files.isRegularFile(jar)) {
      return Optional.empty();
    }
    try (JarFile file = new JarFile(jar.toFile())) {
      return Optional.ofNullable(file.getManifest())
          .map(Manifest::getMainAttributes)
          .map(attributes -> attributes.getValue(Attributes.Name.IMPLEMENTATION_VERSION));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<URI> location(Module module) {
    return Optional.ofNullable(module.getLayer())
        .flatMap(layer -> layer.configuration().findModule(module.getName()))
        .map(ResolvedModule::reference)
        .flatMap(reference -> reference.location());
  }

  private static String readable(URI uri) {
    return "file".equals(uri.getScheme()) ? Path.of(uri).toString() : uri.toString();
  }

  private static Optional<Path> codeSource(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    if (source == null || source.getLocation() == null) {
      return Optional.empty();
    }
    try {
      URI uri = source.getLocation().toURI();
      return "file".equals(uri.getScheme()) ? Optional.of(Path.of(uri)) : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
