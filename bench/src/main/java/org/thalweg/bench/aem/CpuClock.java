package org.thalweg.bench.aem;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Processor seconds of this process: what a step costs, whoever else is on the machine. */
final class CpuClock {
  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private CpuClock() {}

  static double seconds() {
    return SYSTEM.getProcessCpuTime() * 1e-9;
  }
}
