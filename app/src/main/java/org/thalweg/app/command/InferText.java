package org.thalweg.app.command;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.thalweg.app.console.TextTable;

/** The result of an inference for people. */
final class InferText {
  /** More parameters are looked up in the summary. */
  private static final int MOST = 20;

  private InferText() {}

  static String of(Map<String, Object> values) {
    TextTable head = new TextTable();
    head.row("verdict", String.valueOf(values.get("verdict")).replace('-', ' '));
    ((List<?>) values.get("reasons")).forEach(reason -> head.row("", reason));
    ((List<?>) values.get("checks")).forEach(check -> check(head, (Map<?, ?>) check));
    head.row("results", values.get("out"));
    head.row("seed", values.get("seed"));
    head.row("seconds", String.format(Locale.ROOT, "%.1f", (Double) values.get("seconds")));
    if (values.get("simulations") instanceof Integer count && count > 0) {
      head.row("simulations", count + ", " + values.get("simulations_failed") + " failed");
    }
    ((Map<?, ?>) values.get("diagnostics")).forEach((name, value) -> head.row(name, number(value)));
    TextTable parameters = new TextTable().row("parameter", "mean", "s.d.", "2.5 %", "97.5 %");
    List<?> all = (List<?>) values.get("parameters");
    for (Object item : all.subList(0, Math.min(MOST, all.size()))) {
      Map<?, ?> parameter = (Map<?, ?>) item;
      parameters.row(
          parameter.get("name"),
          number(parameter.get("mean")),
          number(parameter.get("sd")),
          number(parameter.get("q025")),
          number(parameter.get("q975")));
    }
    String newline = System.lineSeparator();
    String rest = all.size() > MOST ? newline + "and %d more".formatted(all.size() - MOST) : "";
    return head + newline + newline + parameters + rest;
  }

  /** What a check that was made came to, or why one was not. */
  private static void check(TextTable head, Map<?, ?> check) {
    String outcome = String.valueOf(check.get("outcome")).replace('-', ' ');
    String rest =
        check.get("value") instanceof Number value
            ? "%s, %s %s"
                .formatted(
                    number(value),
                    String.valueOf(check.get("passes")).replace('-', ' '),
                    number(check.get("threshold")))
            : String.valueOf(check.get("sentence"));
    head.row("check " + check.get("name"), outcome + ": " + rest);
  }

  private static String number(Object value) {
    return String.format(Locale.ROOT, "%.4g", ((Number) value).doubleValue());
  }
}
