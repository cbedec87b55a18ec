package org.thalweg.app.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.app.fit.FitHistory;
import org.thalweg.app.picture.TrainingCurve;

/** How the model was fitted: to which table, on what, with which result; its training curve. */
final class FitSection {
  private static final List<String> PARTS = List.of("train", "validation", "test");

  /** What the file notes, and what a reader calls it, in the order of the report. */
  private static final String[][] NOTES = {
    {"data", "table"},
    {"sql", "query"},
    {"where", "rows that"},
    {"rows", "rows of the table"},
    {"rows_refused", "rows left out"},
    {"rows_kept", "rows used"},
    {"data_sha256", "digest of the numbers"},
    {"split", "split: train, validation, test"},
    {"threads", "threads"}
  };

  private FitSection() {}

  static void write(Page page, Subject subject) {
    ModelCard card = subject.model().card();
    Map<String, Object> provenance = subject.provenance();
    page.heading("How it was fitted");
    List<List<String>> lines = new ArrayList<>();
    for (String[] note : NOTES) {
      if (provenance.containsKey(note[0])) {
        lines.add(List.of(note[1], text(provenance.get(note[0]))));
      }
    }
    lines.add(List.of("seed", String.valueOf(card.seed())));
    lines.add(List.of("engine", card.engine()));
    metric(lines, card, "steps");
    metric(lines, card, "seconds");
    if (provenance.get("versions") instanceof Map<?, ?> versions) {
      versions.forEach((what, version) -> lines.add(List.of(words(what), words(version))));
    }
    page.table(List.of(), lines);
    figures(page, card);
    curve(page, FitHistory.of(provenance));
  }

  private static String text(Object noted) {
    return noted instanceof List<?> list
        ? list.stream().map(String::valueOf).collect(Collectors.joining(", "))
        : String.valueOf(noted);
  }

  private static String words(Object text) {
    return String.valueOf(text).replace('_', ' ');
  }

  private static void metric(List<List<String>> lines, ModelCard card, String name) {
    Double value = card.metrics().get(name);
    if (value != null) {
      lines.add(List.of(name, Figures.number(value)));
    }
  }

  private static void figures(Page page, ModelCard card) {
    List<List<String>> lines = new ArrayList<>();
    for (String part : PARTS) {
      Double mean = card.metrics().get(part + "_log_density");
      if (mean != null) {
        double error = card.metrics().getOrDefault(part + "_standard_error", Double.NaN);
        double all = card.metrics().getOrDefault(part + "_rows", Double.NaN);
        // Of many training rows, a sample is judged.
        double rows = card.metrics().getOrDefault(part + "_judged_rows", all);
        lines.add(
            List.of(
                part,
                Figures.number(mean),
                Figures.number(error),
                Double.isFinite(rows) ? Figures.count((long) rows) : "-"));
      }
    }
    if (!lines.isEmpty()) {
      page.subheading("Figures of the fit");
      page.paragraph(
          "Mean log-density in nats a row, in the columns' units. Weights are fitted to the train rows, "
              + "and the best are chosen by the validation rows; the test rows have no part in "
              + "either.");
      page.table(List.of("rows", "log-density", "standard error", "number"), lines);
    }
  }

  private static void curve(Page page, List<FitEvent.Validated> history) {
    page.subheading("Training curve");
    if (history.isEmpty()) {
      page.paragraph(
          "The model file keeps no record of validations: it was fitted without validation rows, by "
              + "an estimator that does not validate, or by an earlier version.");
      return;
    }
    page.picture(
        "training-curve.png",
        "The mean log-density of training batches and of the validation rows.",
        () -> TrainingCurve.draw(history));
  }
}
