package org.thalweg.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The distribution that the build has made. */
final class Distribution {
  private static final Path HOME =
      Path.of(property("thalweg.distribution")).toAbsolutePath().normalize();

  private Distribution() {}

  /** Its root. */
  static Path home() {
    if (!Files.isRegularFile(HOME.resolve("bin/thalweg"))) {
      throw new IllegalStateException(
          HOME + " is not built; run the tests with 'mvn verify', or 'mvn package -pl app -am'.");
    }
    return HOME;
  }

  /** The jars on its module path, sorted. */
  static List<Path> modules() {
    return jars(home().resolve("lib/mods"));
  }

  /** The jars on its class path, sorted. */
  static List<Path> libraries() {
    return jars(home().resolve("lib/classpath"));
  }

  /** Our own jars, sorted. */
  static List<Path> ours() {
    return modules().stream()
        .filter(jar -> jar.getFileName().toString().startsWith("thalweg-"))
        .toList();
  }

  /** The jar on the module path whose name starts with some letters and goes on with a digit. */
  static Optional<Path> module(String prefix) {
    return modules().stream()
        .filter(jar -> jar.getFileName().toString().matches(prefix + "\\d.*"))
        .findFirst();
  }

  /** Where the third party's plugin was staged, {@code plain} or {@code modular}. */
  static Path thirdPartyPlugin(String form) {
    Path staged =
        Path.of(property("thalweg.third-party-plugin"))
            .toAbsolutePath()
            .normalize()
            .resolve("plugin-" + form);
    if (!Files.isDirectory(staged)) {
      throw new IllegalStateException(staged + " is not built; run the tests with 'mvn verify'.");
    }
    return staged;
  }

  private static List<Path> jars(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String property(String name) {
    String value = System.getProperty(name);
    if (value == null) {
      throw new IllegalStateException("The system property " + name + " is set by the build.");
    }
    return value;
  }
}
