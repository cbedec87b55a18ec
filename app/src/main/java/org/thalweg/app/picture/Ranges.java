package org.thalweg.app.picture;

import java.util.Arrays;
import java.util.List;

/** What an axis shows of values. */
final class Ranges {
  private Ranges() {}

  /** What holds all but the outermost values of each sample. */
  static double[] of(List<double[]> samples) {
    List<double[]> middles = samples.stream().map(Ranges::middle).toList();
    double low = middles.stream().mapToDouble(m -> m[0]).min().orElse(0);
    double high = middles.stream().mapToDouble(m -> m[1]).max().orElse(1);
    double margin = high > low ? 0.03 * (high - low) : Math.max(1, Math.abs(high));
    return new double[] {low - margin, high + margin};
  }

  private static double[] middle(double[] values) {
    double[] sorted = Arrays.stream(values).filter(Double::isFinite).sorted().toArray();
    if (sorted.length == 0) {
      return new double[] {0, 1};
    }
    int cut = sorted.length / 400;
    return new double[] {sorted[cut], sorted[sorted.length - 1 - cut]};
  }
}
