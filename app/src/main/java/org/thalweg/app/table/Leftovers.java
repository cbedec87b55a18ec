package org.thalweg.app.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Temporary files and directories, which are removed also when the process is told to end. */
final class Leftovers {
  private static final Set<Path> PATHS = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(Leftovers::removeAll, "thalweg-leftovers"));
  }

  private Leftovers() {}

  /** From now on, the path goes when the process ends. */
  static void add(Path path) {
    PATHS.add(path);
  }

  /** Removes the path, and what is in it, now. */
  static void remove(Path path) throws IOException {
    if (Files.exists(path)) {
      try (Stream<Path> files = Files.walk(path)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    }
    PATHS.remove(path);
  }

  private static void removeAll() {
    for (Path path : PATHS) {
      try {
        remove(path);
      } catch (IOException | UncheckedIOException e) {
        // The process ends; there is nobody left to tell.
      }
    }
  }
}
