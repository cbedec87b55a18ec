package org.thalweg.tck;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The memory that the process holds, where the system says so. */
final class ResidentMemory {
  private static final Path STATUS = Path.of("/proc/self/status");

  /** The Java heap's own pages are touched one after another in the first windows. */
  private static final int WINDOWS = 8;

  private ResidentMemory() {}

  /** Repeats a step, window after window, until one window grows by less than the slack. */
  static void assertFlat(int steps, long slack, Runnable step) {
    if (!Files.exists(STATUS)) {
      return;
    }
    List<Long> growth = new ArrayList<>();
    long before = bytes();
    do {
      for (int i = 0; i < steps; i++) {
        step.run();
      }
      System.gc();
      long now = bytes();
      growth.add(now - before);
      before = now;
    } while (growth.get(growth.size() - 1) >= slack && growth.size() < WINDOWS);
    assertTrue(
        growth.get(growth.size() - 1) < slack,
        () -> "Memory grew in every window, in bytes: " + growth);
  }

  private static long bytes() {
    try {
      return Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
