package org.thalweg.app.report;

import java.util.ArrayList;
import java.util.List;
import org.thalweg.api.inference.Diagnostics;

/** Whether to trust a posterior, and the figures that say so. */
final class VerdictSection {
  private VerdictSection() {}

  static void write(Page page, Diagnostics diagnostics) {
    page.heading(
        switch (diagnostics.verdict()) {
          case TRUST -> "Verdict: trust";
          case DOUBTFUL -> "Verdict: doubtful";
          case DO_NOT_USE -> "Verdict: do not use";
        });
    diagnostics.reasons().forEach(page::paragraph);
    if (diagnostics.reasons().isEmpty()) {
      page.paragraph("Nothing that was looked at speaks against this posterior.");
    }
  }

  /** The figures, such as k-hat. */
  static void figures(Page page, Diagnostics diagnostics) {
    List<List<String>> lines = new ArrayList<>();
    diagnostics.figures().forEach((name, value) -> lines.add(List.of(name, Figures.number(value))));
    if (lines.isEmpty()) {
      page.paragraph("The method gives no figures.");
    } else {
      page.table(List.of("figure", "value"), lines);
    }
  }
}
