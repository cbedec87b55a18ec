package org.thalweg.aem;

import java.util.ArrayList;
import java.util.List;
import org.thalweg.api.data.Rows;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.train.Workers;

/** Chooses bandwidth and mix by the validation rows (Durkan and Nash, 2019, section 4.3). */
final class KernelChoice {
  private static final double[] BANDWIDTHS = {0.003, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32};
  private static final double[] MIXES = {0.01, 0.03, 0.1, 0.3, 0.6, 0.9};
  private static final int MOST_ROWS = 300;

  private KernelChoice() {}

  static Kernel by(AemScoring scoring, Rows validation, int samples, Seed seed, Workers workers) {
    int n = Math.min(MOST_ROWS, validation.size());
    if (n == 0) {
      return Kernel.CAUTIOUS;
    }
    List<Kernel> kernels = new ArrayList<>();
    for (double bandwidth : BANDWIDTHS) {
      for (double mix : MIXES) {
        kernels.add(new Kernel(bandwidth, mix));
      }
    }
    double[] all = scoring.kernels(validation.slice(0, n), samples, kernels, seed, workers);
    int best = 0;
    double most = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < kernels.size(); k++) {
      double sum = 0;
      for (int i = 0; i < n; i++) {
        sum += all[(i * kernels.size() + k) * 2];
      }
      if (sum > most) {
        most = sum;
        best = k;
      }
    }
    return kernels.get(best);
  }
}
