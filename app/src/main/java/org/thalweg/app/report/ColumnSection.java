package org.thalweg.app.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.thalweg.api.data.Matrix;
import org.thalweg.app.picture.Sample;

/** Each column by itself: data against samples. */
final class ColumnSection {
  private ColumnSection() {}

  /** Compares, and says what was found. */
  static List<Marginal> write(Page page, Subject subject, Matrix data, Matrix samples) {
    List<Marginal> marginals = Marginal.all(subject.names(), data, samples);
    page.heading("Column by column");
    page.paragraph(
        "The test of Kolmogorov and Smirnov compares %s rows of data with %s samples. Its "
                .formatted(Figures.count(data.rows()), Figures.count(samples.rows()))
            + "statistic is the largest difference between the shares of data and of samples below "
            + "any one value; the p-value is how often two samples of one distribution are that far "
            + "apart. The words allow for the number of columns, as of twenty p-values one is below "
            + "0.05 by chance.");
    page.paragraph("Of the columns, " + Marginal.summary(marginals) + ".");
    MarginalPictures.table(page, marginals, "data", "samples");
    MarginalPictures.draw(
        page,
        marginals,
        "column",
        List.of(Sample.data("data", data), Sample.model("samples", samples)));
    return marginals;
  }

  /** Without data, what the samples are like. */
  static void write(Page page, Subject subject, Matrix samples) {
    page.heading("Column by column");
    page.paragraph("%s samples of the model.".formatted(Figures.count(samples.rows())));
    List<List<String>> lines = new ArrayList<>();
    for (int j = 0; j < samples.columns(); j++) {
      double[] sorted = samples.column(j);
      Arrays.sort(sorted);
      Moments moments = Moments.of(sorted);
      lines.add(
          List.of(
              subject.names().get(j),
              Figures.number(moments.mean()),
              Figures.number(moments.standardDeviation()),
              Figures.number(quantile(sorted, 0.05)),
              Figures.number(quantile(sorted, 0.5)),
              Figures.number(quantile(sorted, 0.95))));
    }
    page.table(List.of("column", "mean", "s.d.", "5 % below", "median", "95 % below"), lines);
  }

  private static double quantile(double[] sorted, double fraction) {
    return sorted[(int) Math.min(sorted.length - 1L, Math.round(fraction * (sorted.length - 1)))];
  }
}
