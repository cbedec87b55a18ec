package org.thalweg.harness.acceptance;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Structure;

/**
 * What the process holds of the C library's memory. Resident memory is no measure of it: what was
 * freed stays with the allocator, in as many arenas as threads have met in.
 */
final class NativeHeap {
  private static final double MEGABYTE = 1 << 20;

  private NativeHeap() {}

  /** glibc from 2.33 on. */
  interface CLibrary extends Library {
    Counts mallinfo2();
  }

  /** The C structure of that name, of which two fields are read. */
  @Structure.FieldOrder({
    "arena",
    "ordblks",
    "smblks",
    "hblks",
    "hblkhd",
    "usmblks",
    "fsmblks",
    "uordblks",
    "fordblks",
    "keepcost"
  })
  public static final class Counts extends Structure implements Structure.ByValue {
    public long arena;
    public long ordblks;
    public long smblks;
    public long hblks;
    public long hblkhd;
    public long usmblks;
    public long fsmblks;
    public long uordblks;
    public long fordblks;
    public long keepcost;
  }

  /**
   * Megabytes that were allocated and not freed.
   *
   * @throws UnsatisfiedLinkError where the C library does not say
   */
  static double megabytes() {
    Counts counts = Native.load("c", CLibrary.class).mallinfo2();
    return (counts.uordblks + counts.hblkhd) / MEGABYTE;
  }
}
