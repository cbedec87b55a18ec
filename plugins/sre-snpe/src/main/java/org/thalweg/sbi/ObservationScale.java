package org.thalweg.sbi;

import java.util.Arrays;
import java.util.Map;
import org.thalweg.api.data.Matrix;

/**
 * Observations as nets see them: each number with mean 0 and standard deviation 1 over the first
 * round's simulations.
 */
final class ObservationScale {
  /** Numbers farther out than this say nothing more, and would blow up a net. */
  private static final double FAR = 1e3;

  private final double[] mean;
  private final double[] deviation;

  private ObservationScale(double[] mean, double[] deviation) {
    this.mean = mean;
    this.deviation = deviation;
  }

  static ObservationScale of(Matrix data) {
    double[] mean = new double[data.columns()];
    double[] deviation = new double[data.columns()];
    for (int d = 0; d < mean.length; d++) {
      Moments moments = Moments.of(data.column(d));
      mean[d] = moments.mean();
      // A number that is always the same carries nothing; it becomes 0.
      deviation[d] = moments.deviation() > 0 ? moments.deviation() : 1;
    }
    return new ObservationScale(mean, deviation);
  }

  static ObservationScale of(Map<?, ?> stored) {
    return new ObservationScale(
        Stored.numbers(stored.get("mean")), Stored.numbers(stored.get("deviation")));
  }

  Map<String, Object> toMap() {
    return Map.of(
        "mean", Arrays.stream(mean).boxed().toList(),
        "deviation", Arrays.stream(deviation).boxed().toList());
  }

  /** X, the numbers in an observation. */
  int size() {
    return mean.length;
  }

  /** Scaled numbers, row after row. */
  double[] apply(Matrix data) {
    double[] out = data.values().clone();
    for (int i = 0; i < out.length; i++) {
      int d = i % mean.length;
      out[i] = Math.max(-FAR, Math.min(FAR, (out[i] - mean[d]) / deviation[d]));
    }
    return out;
  }
}
