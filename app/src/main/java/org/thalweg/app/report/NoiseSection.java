package org.thalweg.app.report;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.estimator.ToNoise;
import org.thalweg.app.picture.Sample;

/**
 * The base mismatch: data pushed to noise against the base. A model that is right pushes data onto
 * its base; how far it does not is how far the model is wrong.
 */
final class NoiseSection {
  /** Draws of the base for each row, so that their own scatter hardly counts. */
  private static final int DRAWS = 10;

  /** Of many columns there are fewer draws, so that they fit into memory. */
  private static final int MOST_NUMBERS = 10_000_000;

  private NoiseSection() {}

  static List<Marginal> write(Page page, Subject subject, ToNoise flow, Rows rows) {
    Matrix noise = finite(flow.toNoise(rows));
    int each = Math.max(1, Math.min(DRAWS, MOST_NUMBERS / (rows.size() * noise.columns())));
    int perContext = subject.conditional() ? each : each * rows.size();
    Matrix context = subject.conditional() ? rows.context() : Matrix.zeros(1, 0);
    Matrix base = flow.sampleBase(perContext, context, subject.seed().child("base"));
    List<String> names = IntStream.rangeClosed(1, noise.columns()).mapToObj(j -> "z" + j).toList();
    page.heading("Data in noise space");
    page.paragraph(
        "The model maps data to noise, z = f(x), and is right where that noise has the base's "
            + "distribution: the Kullback-Leibler divergence of the data from the model is that of "
            + "z from the base. So what differs here is the model's error, and nothing else. The "
            + "noise has a dimension for each column, but a dimension need not belong to one.");
    if (noise.rows() < rows.size()) {
      page.paragraph(
          "%d rows are mapped beyond what numbers can hold, and are left out here."
              .formatted(rows.size() - noise.rows()));
    }
    if (noise.rows() == 0) {
      return List.of();
    }
    List<Marginal> marginals = Marginal.all(names, noise, base);
    page.paragraph("Of the dimensions, " + Marginal.summary(marginals) + ".");
    MarginalPictures.table(page, marginals, "z", "base");
    // One draw for each context.
    Matrix chance = base.select(IntStream.range(0, noise.rows()).map(i -> i * each).toArray());
    farthest(page, noise, chance);
    if (noise.columns() > 1) {
      dependence(page, noise, chance);
    }
    MarginalPictures.draw(
        page,
        marginals,
        "noise",
        List.of(Sample.data("data as noise", noise), Sample.model("base", base)));
    return marginals;
  }

  private static Matrix finite(Matrix noise) {
    return noise.select(IntStream.range(0, noise.rows()).filter(noise::finite).toArray());
  }

  /** The test looks at the middle of a distribution; a single row far out is an error too. */
  private static void farthest(Page page, Matrix noise, Matrix chance) {
    page.paragraph(
        "The row that is farthest out has a |z| of %s in one dimension, the farthest of as many "
                .formatted(Figures.number(largest(noise)))
            + "draws of the base %s. Rows much farther out than that are ones that the model holds "
                .formatted(Figures.number(largest(chance)))
            + "for all but impossible; they dominate the moments and the correlations.");
  }

  private static double largest(Matrix rows) {
    return Arrays.stream(rows.values()).map(Math::abs).max().orElse(0);
  }

  /** As many draws of the base show how large the largest of so many pairs is by chance. */
  private static void dependence(Page page, Matrix noise, Matrix base) {
    if (noise.columns() > Dependence.MOST_COLUMNS) {
      page.paragraph(
          "Of the correlations, those of the first %d dimensions are looked at."
              .formatted(Dependence.MOST_COLUMNS));
    }
    page.paragraph(
        "Where the correlations of z are much larger than those of the base, the dimensions depend "
            + "on each other, which the model has not learnt.");
    page.table(
        List.of("largest correlation", "of z", "between", "of as many draws of the base"),
        List.of(
            line("of values", Dependence.ofValues(noise), Dependence.ofValues(base)),
            line("of squares", Dependence.ofSquares(noise), Dependence.ofSquares(base))));
  }

  private static List<String> line(String what, Dependence of, Dependence chance) {
    return List.of(
        what,
        Figures.number(of.correlation()),
        "z%d and z%d".formatted(of.first() + 1, of.second() + 1),
        Figures.number(chance.correlation()));
  }
}
