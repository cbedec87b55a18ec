package org.thalweg.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Processor seconds of this process: what a step costs, whoever else is on the machine. */
public final class CpuClock {
  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private CpuClock() {}

  /** Since its start. */
  public static double seconds() {
    return SYSTEM.getProcessCpuTime() * 1e-9;
  }
}
