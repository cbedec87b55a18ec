package org.thalweg.app.plugins;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;

/**
 * The classes of one plugin that is not made of modules: the Java platform, the plugin's own jars,
 * and the shared packages of the application; nothing else of the application is visible.
 *
 * <p>It stays open for the life of the JVM once its plugin is registered, since classes are loaded
 * from it when they are first used.
 */
final class IsolatedClassLoader extends URLClassLoader {
  static {
    registerAsParallelCapable();
  }

  private final ClassLoader application;

  IsolatedClassLoader(String name, List<Path> jars, ClassLoader application) {
    super(
        name,
        jars.stream().map(IsolatedClassLoader::url).toArray(URL[]::new),
        ClassLoader.getPlatformClassLoader());
    this.application = application;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (SharedPackages.owns(name)) {
      return application.loadClass(name);
    }
    return super.loadClass(name, resolve);
  }

  /** Releases the jars of a plugin that was not registered. */
  void discard() {
    try {
      close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new UncheckedIOException(e);
    }
  }
}
