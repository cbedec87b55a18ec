package org.thalweg.toolkit.infer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.inference.Check;
import org.thalweg.api.inference.Diagnostics;

/** Diagnostics in a file. What belongs to single draws is not among them. */
public final class StoredDiagnostics {
  private StoredDiagnostics() {}

  /** Diagnostics as a value of a model's file. */
  public static Map<String, Object> toMap(Diagnostics diagnostics) {
    return Map.of(
        "verdict",
        diagnostics.verdict().name(),
        "reasons",
        diagnostics.reasons(),
        "figures",
        new TreeMap<String, Object>(diagnostics.figures()),
        "checks",
        diagnostics.checks().stream().map(StoredDiagnostics::toMap).toList());
  }

  private static Map<String, Object> toMap(Check check) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("name", check.name());
    check.value().ifPresent(value -> out.put("value", value));
    check.threshold().ifPresent(threshold -> out.put("threshold", threshold));
    out.put("passes", check.passes().name());
    out.put("outcome", check.outcome().name());
    out.put("sentence", check.sentence());
    return out;
  }

  /**
   * Diagnostics from a file.
   *
   * @throws ThalwegException exit code 3 where it holds none
   */
  public static Diagnostics of(Object stored) {
    Map<?, ?> map = map(stored);
    TreeMap<String, Double> figures = new TreeMap<>();
    map(map.get("figures")).forEach((name, value) -> figures.put((String) name, number(value)));
    List<String> reasons = ((List<?>) map.get("reasons")).stream().map(String.class::cast).toList();
    // Files of before there were any have none.
    List<?> checks = map.get("checks") instanceof List<?> list ? list : List.of();
    return new Diagnostics(
        Diagnostics.Verdict.valueOf((String) map.get("verdict")),
        reasons,
        figures,
        checks.stream().map(check -> check(map(check))).toList(),
        new TreeMap<>());
  }

  private static Check check(Map<?, ?> map) {
    return new Check(
        (String) map.get("name"),
        optional(map.get("value")),
        optional(map.get("threshold")),
        Check.Passes.valueOf((String) map.get("passes")),
        Check.Outcome.valueOf((String) map.get("outcome")),
        (String) map.get("sentence"));
  }

  private static Map<?, ?> map(Object stored) {
    if (!(stored instanceof Map<?, ?> map)) {
      throw ThalwegException.data("The file lacks a posterior's diagnostics; it holds %s.", stored);
    }
    return map;
  }

  private static OptionalDouble optional(Object value) {
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(number(value));
  }

  /** A file has the words NaN and Infinity for what is no number, such as the score of no rows. */
  private static double number(Object value) {
    return value instanceof Number finite
        ? finite.doubleValue()
        : Double.parseDouble((String) value);
  }
}
