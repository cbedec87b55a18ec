package org.thalweg.harness.acceptance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.Split;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Partition;
import org.thalweg.toolkit.data.Splitter;
import org.thalweg.toolkit.data.Standardiser;

/** Shuttle: anomalies found by a density of the normal rows. */
@Tag("acceptance")
class ShuttleAcceptanceTest {
  private static final int SEEDS = 3;

  private static final Map<String, Object> OPTIONS =
      Map.of("layers", 3, "epochs", 12, "batch-size", 512);

  @Test
  void anomaliesHaveALowDensity() {
    double[] flow = new double[SEEDS];
    double[] gaussian = new double[SEEDS];
    double[] mixture = new double[SEEDS];
    RealTables.Shuttle shuttle = RealTables.shuttle();
    int[] normal = where(shuttle.anomalous(), false);
    Dataset data = new Dataset(RealTables.Shuttle.schema(), Rows.of(shuttle.rows().select(normal)));
    Matrix anomalies = shuttle.rows().select(where(shuttle.anomalous(), true));
    try (Fits fits = new Fits()) {
      for (int s = 0; s < SEEDS; s++) {
        int seed = s + 1;
        Partition parts = Splitter.split(data, Split.DEFAULT, new Seed(seed));
        Matrix held = data.rows().features().select(parts.test());
        Dataset train = data.select(parts.train());
        try (Model model = fits.fit("nsf-ar", OPTIONS, data, FitOptions.seed(seed))) {
          flow[s] =
              areaUnderCurve(
                  Fits.logDensity(model, Rows.of(anomalies)),
                  Fits.logDensity(model, Rows.of(held)));
        }
        Baseline full = FullGaussian.fit(train.rows().features());
        gaussian[s] = areaUnderCurve(full.logDensity(anomalies), full.logDensity(held));
        Standardiser standardiser = Standardiser.fit(train);
        Baseline twenty =
            GaussianMixture.fit(
                standardised(standardiser, train.rows().features()), 20, 1e-4, 1, seed);
        mixture[s] =
            areaUnderCurve(
                twenty.logDensity(standardised(standardiser, anomalies)),
                twenty.logDensity(standardised(standardiser, held)));
      }
    }
    Map<String, Results.Summary> table = Results.table();
    table.put("`nsf-ar`", new Results.Summary(flow));
    table.put("Gaussian, full covariance", new Results.Summary(gaussian));
    table.put("mixture of 20 Gaussians, full covariances", new Results.Summary(mixture));
    Results.write(
        "shuttle",
        "Shuttle: anomalies by log-density",
        "ADBench 32_shuttle, nine whole-number columns; area under the ROC curve of the negative "
            + "log-density, 3,511 anomalies against the held-out tenth of the 45,586 normal rows, "
            + "trained on normal rows. Splits 80/10/10 by seeds 1 to 3. `nsf-ar` with `"
            + Results.options(OPTIONS)
            + "`.",
        "seeds",
        table);
    assertTrue(Arrays.stream(flow).average().orElseThrow() >= 0.998, Arrays.toString(flow));
    for (int s = 0; s < SEEDS; s++) {
      assertTrue(flow[s] > gaussian[s], flow[s] + " against the Gaussian's " + gaussian[s]);
    }
  }

  /** The probability that an anomaly scores below a normal row; ties count half. */
  static double areaUnderCurve(double[] anomalies, double[] normals) {
    double[] sorted = normals.clone();
    Arrays.sort(sorted);
    double sum = 0;
    for (double a : anomalies) {
      int below = lower(sorted, a);
      int equal = lower(sorted, Math.nextUp(a)) - below;
      sum += sorted.length - below - equal + 0.5 * equal;
    }
    return sum / anomalies.length / sorted.length;
  }

  /** The number of entries below a value. */
  private static int lower(double[] sorted, double value) {
    int from = 0;
    int to = sorted.length;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (sorted[middle] < value) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }

  private static Matrix standardised(Standardiser standardiser, Matrix rows) {
    return new Matrix(rows.rows(), rows.columns(), standardiser.features(rows));
  }

  private static int[] where(boolean[] flags, boolean wanted) {
    return IntStream.range(0, flags.length).filter(i -> flags[i] == wanted).toArray();
  }
}
