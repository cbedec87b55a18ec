package org.thalweg.sbi.simulator;

import java.util.List;
import java.util.stream.IntStream;

/** Names as the benchmark's files have them. */
final class Columns {
  private Columns() {}

  /** {@code data_1} and so on. */
  static List<String> data(int count) {
    return numbered("data", count);
  }

  static List<String> numbered(String name, int count) {
    return IntStream.rangeClosed(1, count).mapToObj(i -> name + "_" + i).toList();
  }
}
