package org.thalweg.sbi;

import org.thalweg.api.data.Matrix;
import org.thalweg.api.inference.Check;
import org.thalweg.api.inference.Diagnostics.Verdict;

/**
 * The range of what was simulated. A net knows nothing of observations outside it.
 *
 * @param low the smallest of each number
 * @param high the largest
 */
record Range(double[] low, double[] high) {
  static Range of(Matrix data) {
    double[] low = data.row(0);
    double[] high = data.row(0);
    for (int i = 1; i < data.rows(); i++) {
      for (int j = 0; j < low.length; j++) {
        low[j] = Math.min(low[j], data.get(i, j));
        high[j] = Math.max(high[j], data.get(i, j));
      }
    }
    return new Range(low, high);
  }

  /** Says where observations are outside, and by how much of the range. */
  void judge(Matrix observations, Judgement judgement) {
    double farthest = 0;
    int outside = 0;
    int worst = 0;
    for (int i = 0; i < observations.rows(); i++) {
      for (int j = 0; j < low.length; j++) {
        double x = observations.get(i, j);
        double off = Math.max(low[j] - x, x - high[j]);
        if (off > 0) {
          outside++;
          double width = high[j] - low[j];
          double share = width > 0 ? off / width : Double.MAX_VALUE;
          if (share > farthest) {
            farthest = share;
            worst = j;
          }
        }
      }
    }
    String what =
        outside == 0
            ? "Every number of the observation is within the range of what was simulated."
            : "Number %d of the observation lies outside everything that was simulated, [%.6g, %.6g]: "
                    .formatted(worst + 1, low[worst], high[worst])
                + "the simulator or the prior may not describe it.";
    judgement.check(
        Check.atMost("observation_outside", outside, 0, what),
        farthest > 1 ? Verdict.DO_NOT_USE : Verdict.DOUBTFUL);
  }
}
