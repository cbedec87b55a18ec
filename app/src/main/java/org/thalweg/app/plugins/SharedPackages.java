package org.thalweg.app.plugins;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.thalweg.api.error.ThalwegException;

/**
 * The packages that plugins and the application must see as the same classes, so that they come
 * from the application alone.
 */
final class SharedPackages {
  private static final List<String> SHARED =
      List.of("org.thalweg.api", "org.thalweg.toolkit", "ai.djl", "org.slf4j");

  private static final Pattern CLASS_ENTRY =
      Pattern.compile("(?:META-INF/versions/\\d+/)?(.+)/[^/]+\\.class");

  private SharedPackages() {}

  /** Whether a class, by its binary name, comes from the application. */
  static boolean owns(String className) {
    return of(className).isPresent();
  }

  /** Whether a module holds nothing but shared packages. */
  static boolean ownsModule(String name) {
    return SHARED.stream().anyMatch(shared -> name.equals(shared) || name.startsWith(shared + "."));
  }

  /** Refuses jars that hold a copy of a shared package, by name. */
  static void refuseCopies(List<Path> jars) throws IOException {
    List<String> copies = new ArrayList<>();
    for (Path jar : jars) {
      try (JarFile file = new JarFile(jar.toFile())) {
        file.stream()
            .map(entry -> CLASS_ENTRY.matcher(entry.getName()))
            .filter(Matcher::matches)
            .flatMap(matcher -> of(matcher.group(1).replace('/', '.') + ".").stream())
            .distinct()
            .sorted()
            .forEach(shared -> copies.add(jar.getFileName() + " holds " + shared));
      }
    }
    if (!copies.isEmpty()) {
      throw ThalwegException.usage(
          "%s. %s come only from Thalweg itself: remove the copy and compile against them as "
              + "'provided'.",
          String.join(", ", copies), String.join(", ", SHARED));
    }
  }

  private static Optional<String> of(String className) {
    return SHARED.stream().filter(shared -> className.startsWith(shared + ".")).findFirst();
  }
}
