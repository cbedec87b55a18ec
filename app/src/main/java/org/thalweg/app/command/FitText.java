package org.thalweg.app.command;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.thalweg.app.console.TextTable;

/** The result of a fit for people. */
final class FitText {
  private static final List<String> PARTS = List.of("train", "validation", "test");

  private FitText() {}

  static String of(Map<String, Object> values) {
    TextTable table = new TextTable();
    table.row("model", values.get("model"));
    table.row("estimator", values.get("estimator"));
    table.row("parameters", values.getOrDefault("parameters", "-"));
    if (values.containsKey("dimension")) {
      table.row("dimension", dimension(values));
    }
    table.row("seed", values.get("seed"));
    table.row("engine", values.get("engine") + " (" + values.get("engine_reason") + ")");
    if (values.get("seconds") instanceof Double seconds) {
      table.row("seconds", String.format(Locale.ROOT, "%.1f", seconds));
    }
    if ("time_limit".equals(values.get("stop"))) {
      table.row("stopped", "by the time limit, before training was done");
    }
    for (String part : PARTS) {
      if (values.get(part + "_log_density") instanceof Double mean) {
        table.row(part + " log-density", nats(mean, values, part));
      }
    }
    if (values.get("pictures") instanceof List<?> pictures) {
      pictures.forEach(picture -> table.row("picture", picture));
    }
    return table.toString();
  }

  /** That of a manifold, which may have been estimated. */
  private static String dimension(Map<String, Object> values) {
    return values.get("intrinsic_dimension") instanceof Double estimate
        ? String.format(Locale.ROOT, "%s (estimated: %.2f)", values.get("dimension"), estimate)
        : String.valueOf(values.get("dimension"));
  }

  private static String nats(double mean, Map<String, Object> values, String part) {
    String error =
        values.get(part + "_standard_error") instanceof Double se
            ? String.format(Locale.ROOT, " +- %.4f", se)
            : "";
    String bits =
        values.get(part + "_bits_per_dimension") instanceof Double b
            ? String.format(Locale.ROOT, " (%.4f bits per dimension)", b)
            : "";
    return String.format(
        Locale.ROOT, "%.4f%s nats a row%s, %s rows", mean, error, bits, rows(values, part));
  }

  /** Of many training rows, a sample is judged. */
  private static String rows(Map<String, Object> values, String part) {
    String all = String.valueOf(values.getOrDefault(part + "_rows", "?"));
    Object judged = values.get(part + "_judged_rows");
    return judged == null ? all : judged + " of " + all;
  }
}
