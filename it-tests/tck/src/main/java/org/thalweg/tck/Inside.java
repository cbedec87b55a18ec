package org.thalweg.tck;

import java.util.Arrays;
import org.thalweg.api.transform.Support;

/** Puts numbers of the line into the set that a part takes. */
final class Inside {
  private Inside() {}

  static double[] of(Support support, double[] line) {
    return Arrays.stream(line).map(z -> of(support, z)).toArray();
  }

  private static double of(Support support, double z) {
    if (support instanceof Support.Above above) {
      return above.low() + Math.exp(Math.max(-50, Math.min(50, z)));
    }
    if (support instanceof Support.Interval interval) {
      double share = 1 / (1 + Math.exp(-Math.max(-50, Math.min(50, z))));
      return interval.low() + (interval.high() - interval.low()) * share;
    }
    if (support instanceof Support.Real) {
      return z;
    }
    throw new IllegalArgumentException("No transform of numbers takes " + support);
  }
}
