package org.thalweg.sbi;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.thalweg.api.inference.Diagnostics;

/** Diagnostics in a file. */
final class StoredDiagnostics {
  private StoredDiagnostics() {}

  static Map<String, Object> toMap(Diagnostics diagnostics) {
    return Map.of(
        "verdict", diagnostics.verdict().name(),
        "reasons", diagnostics.reasons(),
        "figures", new TreeMap<String, Object>(diagnostics.figures()));
  }

  static Diagnostics of(Object stored) {
    Map<?, ?> map = Stored.map(stored);
    TreeMap<String, Double> figures = new TreeMap<>();
    Stored.map(map.get("figures"))
        .forEach((name, value) -> figures.put((String) name, number(value)));
    List<String> reasons = ((List<?>) map.get("reasons")).stream().map(String.class::cast).toList();
    return new Diagnostics(
        Diagnostics.Verdict.valueOf((String) map.get("verdict")), reasons, figures);
  }

  /** A file has the words NaN and Infinity for what is no number, such as the score of no rows. */
  private static double number(Object value) {
    return value instanceof Number finite
        ? finite.doubleValue()
        : Double.parseDouble((String) value);
  }
}
