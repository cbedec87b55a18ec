package org.thalweg.app.report;

import java.util.ArrayList;
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

  /** Compares matrices of the same columns. */
  static List<Marginal> all(List<String> names, Matrix observed, Matrix expected) {
    List<Marginal> out = new ArrayList<>();
    for (int j = 0; j < names.size(); j++) {
      double[] a = observed.column(j);
      double[] b = expected.column(j);
      out.add(
          new Marginal(names.get(j), j, Moments.of(a), Moments.of(b), KolmogorovSmirnov.of(a, b)));
    }
    return out;
  }

  /**
   * The test in a sentence.
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
