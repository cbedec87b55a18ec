package org.thalweg.app.report;

import java.util.Comparator;
import java.util.List;
import org.thalweg.app.picture.Histogram;
import org.thalweg.app.picture.Sample;

/** The table and the histograms of columns that are compared one by one. */
final class MarginalPictures {
  /** More pictures would not be looked at; those that differ most are shown. */
  private static final int MOST = 24;

  private MarginalPictures() {}

  /** The table; the words say which of the two moments are whose. */
  static void table(Page page, List<Marginal> marginals, String observed, String expected) {
    page.table(
        List.of(
            "column",
            "mean of " + observed,
            "of " + expected,
            "s.d. of " + observed,
            "of " + expected,
            "KS statistic",
            "p-value",
            "in words"),
        marginals.stream().map(marginal -> line(marginal, marginals.size())).toList());
  }

  private static List<String> line(Marginal marginal, int tests) {
    return List.of(
        marginal.name(),
        Figures.number(marginal.observed().mean()),
        Figures.number(marginal.expected().mean()),
        Figures.number(marginal.observed().standardDeviation()),
        Figures.number(marginal.expected().standardDeviation()),
        Figures.number(marginal.test().statistic()),
        Figures.probability(marginal.test().pValue()),
        marginal.verdict(tests));
  }

  /** The histograms, as files whose names begin with a word. */
  static void draw(Page page, List<Marginal> marginals, String word, List<Sample> samples) {
    List<Marginal> shown = marginals;
    if (marginals.size() > MOST) {
      page.paragraph("The %d that differ most, in their order.".formatted(MOST));
      shown =
          marginals.stream()
              .sorted(Comparator.comparingDouble((Marginal m) -> -m.test().statistic()))
              .limit(MOST)
              .sorted(Comparator.comparingInt(Marginal::index))
              .toList();
    }
    page.beginGrid();
    for (Marginal marginal : shown) {
      page.picture(
          word + "-" + (marginal.index() + 1) + ".png",
          "%s: KS %s, p %s; %s."
              .formatted(
                  marginal.name(),
                  Figures.number(marginal.test().statistic()),
                  Figures.probability(marginal.test().pValue()),
                  marginal.verdict(marginals.size())),
          () -> Histogram.draw(marginal.name(), marginal.index(), samples));
    }
    page.endGrid();
  }
}
