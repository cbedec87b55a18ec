package org.thalweg.app.report;

import java.util.Arrays;
import org.thalweg.api.data.Matrix;
import org.thalweg.app.picture.PairPlot;

/** Data and samples, side by side. */
final class PairSection {
  /** More points would hide each other. */
  private static final int MOST_POINTS = 2000;

  private PairSection() {}

  static void write(Page page, Subject subject, Matrix samples) {
    page.heading("Pairs of columns");
    if (subject.names().size() > PairPlot.MOST) {
      page.paragraph(
          "The first %d of %d columns.".formatted(PairPlot.MOST, subject.names().size()));
    }
    if (subject.evidence().isPresent()) {
      Matrix data = first(subject.evidence().get().rows().features());
      // As many points on both sides, so that they look alike where the model is right.
      Matrix drawn = samples.slice(0, Math.min(data.rows(), samples.rows()));
      page.picture(
          "pair-plot.png",
          "Data above the diagonal, samples of the model below it, both on it: where the model is "
              + "right, the two sides mirror each other.",
          () -> PairPlot.draw(subject.names(), data, drawn));
    } else {
      page.picture(
          "pair-plot.png",
          "Samples of the model.",
          () -> PairPlot.draw(subject.names(), first(samples)));
    }
  }

  /** Rows are in random order already. */
  static Matrix first(Matrix rows) {
    return rows.slice(0, Math.min(MOST_POINTS, rows.rows()));
  }

  /** The first two columns. */
  static Matrix pair(Matrix rows) {
    double[] out = new double[2 * rows.rows()];
    Arrays.setAll(out, i -> rows.get(i / 2, i % 2));
    return new Matrix(rows.rows(), 2, out);
  }
}
