package org.thalweg.app.report;

import java.util.Arrays;
import org.thalweg.api.estimator.LogDensity;

/** What the model is held against. */
final class EvidenceSection {
  private EvidenceSection() {}

  static void write(Page page, Subject subject) {
    page.heading("What it is held against");
    if (subject.evidence().isEmpty()) {
      page.paragraph(
          "No table was named: this report shows the model and its samples only, and says nothing "
              + "about whether they fit. Name one with --data FILE.");
      return;
    }
    Evidence evidence = subject.evidence().get();
    page.paragraph(
        "%s %s rows of %s, which has %s rows, of which %s cannot be used."
            .formatted(
                Figures.count(evidence.rows().size()),
                evidence.part(),
                evidence.table(),
                Figures.count(evidence.tableRows()),
                Figures.count(evidence.refused())));
    page.paragraph(
        evidence.mayIncludeTrainingRows()
            ? "The model may have been trained on some of them: what agrees here may agree because "
                + "it was learnt by heart."
            : "The model was not trained on them.");
    if (subject.model() instanceof LogDensity density) {
      score(page, subject, density, evidence);
    }
  }

  private static void score(Page page, Subject subject, LogDensity density, Evidence evidence) {
    LogDensity.Named named = density.densities().get(0);
    double[] all =
        density.logDensity(named, evidence.rows(), subject.seed().child("score")).values();
    double[] values = Arrays.stream(all).filter(v -> !Double.isNaN(v)).toArray();
    if (values.length < all.length) {
      page.paragraph(
          "%s of them have a density (%s); of the others the model's answer is not a number, as a row with a missing feature may have none."
              .formatted(Figures.count(values.length), ModelSection.density(named)));
    }
    if (values.length == 0) {
      return;
    }
    Moments moments = Moments.of(values);
    double error = moments.standardDeviation() / Math.sqrt(values.length);
    page.paragraph(
        "Their mean log-density is %s nats a row%s (density: %s)."
            .formatted(
                Figures.number(moments.mean()),
                Double.isFinite(error) ? " with a standard error of " + Figures.number(error) : "",
                ModelSection.density(named)));
  }
}
