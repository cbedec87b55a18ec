package org.thalweg.app.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.thalweg.api.data.Matrix;

/**
 * One column of what was observed beside the same column of what a model expects.
 *
 * @param name the column
 * @param index its place, counted from 0
 * @param observed the moments of what was observed
 * @param expected the moments of what the model expects
 * @param test whether the two come from one distribution
 */
public record Marginal(
    String name, int index, Moments observed, Moments expected, KolmogorovSmirnov test) {
  /** What {@link #verdict} says where nothing is found. */
  static final String SAME = "no difference is seen";

  /**
   * Compares matrices of the same columns. What is missing of a column is left out of it, and so is
   * a column of which nothing was observed.
   */
  static List<Marginal> all(List<String> names, Matrix observed, Matrix expected) {
    List<Marginal> out = new ArrayList<>();
    for (int j = 0; j < names.size(); j++) {
      double[] a = there(observed.column(j));
      double[] b = there(expected.column(j));
      if (a.length > 0 && b.length > 0) {
        KolmogorovSmirnov test = KolmogorovSmirnov.of(a, b);
        out.add(new Marginal(names.get(j), j, Moments.of(a), Moments.of(b), test));
      }
    }
    return out;
  }

  private static double[] there(double[] values) {
    return Arrays.stream(values).filter(v -> !Double.isNaN(v)).toArray();
  }

  /** All tests in a sentence: how many differ, and which one most; of at least one. */
  public static String summary(List<Marginal> marginals) {
    Marginal worst =
        marginals.stream().max(Comparator.comparingDouble(m -> m.test().statistic())).orElseThrow();
    long differ = marginals.stream().filter(m -> !m.verdict(marginals.size()).equals(SAME)).count();
    return "%s of %d differ or may differ; the largest difference is %s, in %s"
        .formatted(
            differ == 0 ? "none" : differ,
            marginals.size(),
            Figures.percent(worst.test().statistic()),
            worst.name());
  }

  /**
   * The test in words.
   *
   * @param tests how many such tests are made, as one in twenty p-values is below 0.05 by chance
   */
  String verdict(int tests) {
    double corrected = test.pValue() * tests;
    if (corrected >= 0.05) {
      return SAME;
    }
    return corrected >= 0.001 ? "they may differ" : "they differ";
  }
}
