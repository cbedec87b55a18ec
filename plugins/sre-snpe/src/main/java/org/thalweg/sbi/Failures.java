package org.thalweg.sbi;

import java.util.Map;
import java.util.stream.Collectors;
import org.thalweg.sbi.run.Outcome;

/** Failed simulations in words. */
final class Failures {
  private Failures() {}

  /** Such as {@code 12 threw an exception, 3 gave NaN or infinity}. */
  static String describe(Map<Outcome, Integer> counts) {
    return counts.entrySet().stream()
        .filter(e -> e.getKey().failed())
        .map(e -> e.getValue() + " " + e.getKey().label())
        .collect(Collectors.joining(", "));
  }
}
