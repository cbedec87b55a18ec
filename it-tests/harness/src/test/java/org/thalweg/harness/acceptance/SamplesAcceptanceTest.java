package org.thalweg.harness.acceptance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.hipparchus.stat.inference.KolmogorovSmirnovTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.Sampler;
import org.thalweg.api.random.Seed;
import org.thalweg.app.demo.Ring;

/** Samples of the ring's model against fresh draws from the ring: 5,000 against 5,000 rows. */
@Tag("acceptance")
class SamplesAcceptanceTest {
  private static final int ROWS = 5000;

  /** Of the Kolmogorov-Smirnov tests; with two columns, one false alarm in five hundred runs. */
  private static final double LEVEL = 0.001;

  /** Neighbours that vote; odd, so that there are no ties. */
  private static final int NEIGHBOURS = 15;

  @Test
  void aClassifierCannotTellThemFromData() {
    Dataset data = Dataset.of(Ring.sample(20_000, new Seed(10)));
    Map<String, Object> options =
        Map.of("epochs", 50, "batch-size", 512, "learning-rate", 0.003, "patience", 0);
    try (Fits fits = new Fits();
        Model model = fits.fit("nsf-coupling", options, data, FitOptions.seed(1))) {
      Matrix fresh = Ring.sample(ROWS, new Seed(11));
      Matrix drawn = model.as(Sampler.class).sample(ROWS, Matrix.zeros(1, 0), new Seed(12));
      double accuracy = accuracy(fresh, drawn);
      double chance = accuracy(fresh, Ring.sample(ROWS, new Seed(13)));
      Map<String, Results.Summary> table = Results.table();
      put(table, "accuracy of a 15-nearest-neighbour classifier, data against samples", accuracy);
      put(table, "the same, data against data", chance);
      for (int j = 0; j < 2; j++) {
        double p =
            new KolmogorovSmirnovTest()
                .kolmogorovSmirnovTest(fresh.column(j), drawn.column(j), false);
        put(table, "Kolmogorov-Smirnov p-value of column " + j + " (level 0.001)", p);
        assertTrue(p > LEVEL, "column " + j + ": p = " + p);
      }
      Results.write(
          "samples",
          "Samples against data",
          "`nsf-coupling` trained on 20,000 rows of the ring (80/10/10, seed 1) with `"
              + Results.options(options)
              + "`; 5,000 samples against 5,000 fresh draws; leave-one-out accuracy, 0.5 is chance.",
          "one run",
          table);
      assertTrue(accuracy <= 0.55, "accuracy " + accuracy);
    }
  }

  private static void put(Map<String, Results.Summary> table, String what, double value) {
    table.put(what, new Results.Summary(new double[] {value}));
  }

  /** The leave-one-out accuracy of nearest neighbours on two equally large sets. */
  private static double accuracy(Matrix first, Matrix second) {
    int n = first.rows();
    int right = 0;
    for (int i = 0; i < 2 * n; i++) {
      double[] nearest = new double[NEIGHBOURS];
      boolean[] own = new boolean[NEIGHBOURS];
      java.util.Arrays.fill(nearest, Double.POSITIVE_INFINITY);
      for (int j = 0; j < 2 * n; j++) {
        if (j != i) {
          insert(nearest, own, squared(at(first, second, i), at(first, second, j)), j < n == i < n);
        }
      }
      int votes = 0;
      for (boolean vote : own) {
        votes += vote ? 1 : 0;
      }
      right += votes > NEIGHBOURS / 2 ? 1 : 0;
    }
    return right / (2.0 * n);
  }

  private static void insert(double[] nearest, boolean[] own, double distance, boolean same) {
    int k = nearest.length - 1;
    if (distance >= nearest[k]) {
      return;
    }
    while (k > 0 && nearest[k - 1] > distance) {
      nearest[k] = nearest[k - 1];
      own[k] = own[k - 1];
      k--;
    }
    nearest[k] = distance;
    own[k] = same;
  }

  private static double[] at(Matrix first, Matrix second, int i) {
    return i < first.rows() ? first.row(i) : second.row(i - first.rows());
  }

  private static double squared(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += (a[j] - b[j]) * (a[j] - b[j]);
    }
    return sum;
  }
}
