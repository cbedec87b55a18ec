package org.thalweg.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Map;

/** Wall-clock seconds, and processor seconds of the whole process: compilers and collector too. */
final class Stopwatch {
  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final long wall = System.nanoTime();
  private final long processor = PROCESS.getProcessCpuTime();

  double seconds() {
    return (System.nanoTime() - wall) * 1e-9;
  }

  /** What has passed since this was made, as the protocol says it. */
  Map<String, Object> read() {
    return Map.of(
        "seconds", seconds(), "cpu_seconds", (PROCESS.getProcessCpuTime() - processor) * 1e-9);
  }
}
