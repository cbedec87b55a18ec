package org.thalweg.app.plugins;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.thalweg.app.Reason;

/**
 * One plugin as it lies on the disk: a jar, or a directory of jars.
 *
 * @param path the jar or the directory
 * @param jars the jars, sorted by name
 */
record PluginLocation(Path path, List<Path> jars) {
  private static final Comparator<Path> BY_NAME =
      Comparator.comparing(path -> path.getFileName().toString());

  /**
   * The plugins of a plugin directory, sorted by name; what is not one is added to the problems.
   * Files other than jars and hidden entries are passed over.
   */
  static List<PluginLocation> in(Path directory, List<PluginProblem> problems) {
    if (!Files.isDirectory(directory)) {
      problems.add(
          problem(
              directory,
              "there is no such plugin directory; create it, or correct --plugin-path."));
      return List.of();
    }
    List<PluginLocation> found = new ArrayList<>();
    try {
      List<Path> entries = entries(directory);
      if (entries.isEmpty()) {
        problems.add(
            problem(
                directory,
                "the plugin directory is empty; put a plugin's jar, or a directory of its jars, "
                    + "into it."));
      }
      for (Path entry : entries) {
        if (Files.isDirectory(entry)) {
          List<Path> jars = entries(entry).stream().filter(PluginLocation::isJar).toList();
          if (jars.isEmpty()) {
            problems.add(
                problem(
                    entry,
                    "the directory holds no jar; put the plugin's jar and its libraries into it, "
                        + "or remove it."));
          } else {
            found.add(new PluginLocation(entry, jars));
          }
        } else if (isJar(entry)) {
          found.add(new PluginLocation(entry, List.of(entry)));
        }
      }
    } catch (IOException e) {
      problems.add(
          problem(directory, "cannot be read: " + Reason.of(e) + ". Check its permissions."));
    }
    return found;
  }

  PluginProblem problem(String message) {
    return problem(path, message);
  }

  private static PluginProblem problem(Path path, String message) {
    return new PluginProblem(path.toString(), message);
  }

  private static boolean isJar(Path path) {
    return path.getFileName().toString().endsWith(".jar") && Files.isRegularFile(path);
  }

  private static List<Path> entries(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .filter(entry -> !entry.getFileName().toString().startsWith("."))
          .sorted(BY_NAME)
          .toList();
    }
  }
}
