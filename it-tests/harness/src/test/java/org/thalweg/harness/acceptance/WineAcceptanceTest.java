package org.thalweg.harness.acceptance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.Split;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Dequantiser;
import org.thalweg.toolkit.data.Partition;
import org.thalweg.toolkit.data.Splitter;
import org.thalweg.toolkit.data.Standardiser;

/**
 * White wine: a flow against a Gaussian and a mixture, on the same rows of the same five splits.
 */
@Tag("acceptance")
class WineAcceptanceTest {
  private static final int SEEDS = 5;
  private static final int COMPONENTS = 20;

  /** The best of the few in {@link #SEARCH} by the validation rows of seed 1. */
  private static final Map<String, Object> OPTIONS =
      Map.of("layers", 3, "hidden", 64, "dropout", 0.2, "epochs", 60, "learning-rate", 0.002);

  /** What was tried, on the validation rows of seed 1 alone. */
  private static final List<Map<String, Object>> SEARCH =
      List.of(
          OPTIONS,
          Map.of("layers", 5, "hidden", 64, "dropout", 0.2, "epochs", 60),
          Map.of("layers", 3, "hidden", 128, "dropout", 0.1, "epochs", 60),
          Map.of("layers", 2, "hidden", 128, "dropout", 0.2, "epochs", 60),
          Map.of("layers", 3, "hidden", 64, "dropout", 0.2, "epochs", 40));

  @Test
  void theOptionsAreTheBestOfTheSearch() {
    Map<String, Results.Summary> table = Results.table();
    double chosen = Double.NaN;
    double best = Double.NEGATIVE_INFINITY;
    try (Fits fits = new Fits()) {
      for (Map<String, Object> options : SEARCH) {
        try (Model model =
            fits.fit("nsf-ar", options, RealTables.wine(false), FitOptions.seed(1))) {
          double score = model.card().metrics().get("validation_log_density");
          chosen = options.equals(OPTIONS) ? score : chosen;
          best = Math.max(best, score);
          table.put(
              "`" + Results.options(options) + "`", new Results.Summary(new double[] {score}));
        }
      }
    }
    Results.write(
        "wine-search",
        "White wine: how the options were chosen",
        "`nsf-ar` on the split of seed 1, judged by the log-density of its validation rows, nats a "
            + "row.",
        "one run",
        table);
    assertTrue(chosen == best, "chosen " + chosen + ", best " + best);
  }

  @Test
  void theFlowBeatsTheGaussianByFarAndTheMixture() {
    double[] flow = new double[SEEDS];
    double[] conditional = new double[SEEDS];
    double[] gain = new double[SEEDS];
    double[] gaussian = new double[SEEDS];
    double[] mixture = new double[SEEDS];
    double[] aboveGaussian = new double[SEEDS];
    double[] aboveMixture = new double[SEEDS];
    Dataset data = RealTables.wine(false);
    Dataset withQuality = RealTables.wine(true);
    try (Fits fits = new Fits()) {
      for (int s = 0; s < SEEDS; s++) {
        int seed = s + 1;
        // The split of the conditional table differs: wines that differ in quality alone are two.
        Partition parts = Splitter.split(data, Split.DEFAULT, new Seed(seed));
        Rows test =
            Dequantiser.apply(
                data.rows().select(parts.test()), data.schema(), new Seed(seed).child("test"));
        int[] fitted = concatenate(parts.train(), parts.validation());
        Rows train =
            Dequantiser.apply(
                data.rows().select(fitted), data.schema(), new Seed(seed).child("train"));
        try (Model model = fits.fit("nsf-ar", OPTIONS, data, FitOptions.seed(seed))) {
          flow[s] = mean(Fits.logDensity(model, test));
        }
        Baseline full = FullGaussian.fit(train.features());
        gaussian[s] = mean(full.logDensity(test.features()));
        mixture[s] = mixture(data, train, test, seed);
        aboveGaussian[s] = flow[s] - gaussian[s];
        aboveMixture[s] = flow[s] - mixture[s];
        try (Model model = fits.fit("nsf-ar", OPTIONS, withQuality, FitOptions.seed(seed))) {
          conditional[s] = model.card().metrics().get("test_log_density");
        }
        Dataset blind = withoutContext(withQuality);
        Partition same = Splitter.split(withQuality, Split.DEFAULT, new Seed(seed));
        gain[s] = conditional[s] - unconditional(fits, blind, same, seed);
      }
    }
    Map<String, Results.Summary> table = Results.table();
    table.put("`nsf-ar`", new Results.Summary(flow));
    table.put("Gaussian, full covariance", new Results.Summary(gaussian));
    table.put("mixture of 20 Gaussians, full covariances", new Results.Summary(mixture));
    table.put("`nsf-ar` above the Gaussian", new Results.Summary(aboveGaussian));
    table.put("`nsf-ar` above the mixture", new Results.Summary(aboveMixture));
    table.put("`nsf-ar` given quality", new Results.Summary(conditional));
    table.put("`nsf-ar` given quality, above without it, same rows", new Results.Summary(gain));
    Results.write(
        "wine",
        "White wine: held-out log-density",
        "UCI white wine quality, eleven physico-chemical columns, 4,898 rows; nats a row in the "
            + "columns' units, dequantised. Splits 80/10/10 by seeds 1 to 5 with identical rows on "
            + "one side; baselines are fitted on training and validation rows together. "
            + "`nsf-ar` with `"
            + Results.options(OPTIONS)
            + "`, the best of a small search by the validation rows of seed 1 (wine-search.md).",
        "seeds",
        table);
    assertTrue(mean(aboveGaussian) >= 1.8, "above the Gaussian: " + mean(aboveGaussian));
    assertTrue(mean(aboveMixture) > 0, "above the mixture: " + mean(aboveMixture));
  }

  /**
   * The best ridge of a few by the validation rows would help it; so it is given the test's best.
   */
  private static double mixture(Dataset data, Rows train, Rows test, int seed) {
    Standardiser standardiser = Standardiser.fit(new Dataset(data.schema(), train));
    Matrix z = standardised(standardiser, train);
    Matrix zTest = standardised(standardiser, test);
    double jacobian = mean(standardiser.logAbsDet(test.features()));
    double best = Double.NEGATIVE_INFINITY;
    for (double ridge : new double[] {1e-4, 1e-3, 1e-2}) {
      Baseline fitted = GaussianMixture.fit(z, COMPONENTS, ridge, 3, seed);
      best = Math.max(best, mean(fitted.logDensity(zTest)) + jacobian);
    }
    return best;
  }

  /** The same estimator without the context, trained and tested on the same rows. */
  private static double unconditional(Fits fits, Dataset blind, Partition parts, int seed) {
    int[] fitted = concatenate(parts.train(), parts.validation());
    Split split = new Split(8.0 / 9, 1.0 / 9, 0);
    Rows test =
        Dequantiser.apply(
            blind.rows().select(parts.test()),
            blind.schema(),
            new Seed(seed).child("judge").child("test"));
    try (Model model =
        fits.fit("nsf-ar", OPTIONS, blind.select(fitted), FitOptions.seed(seed).withSplit(split))) {
      return mean(Fits.logDensity(model, test));
    }
  }

  private static Dataset withoutContext(Dataset data) {
    return new Dataset(
        new org.thalweg.api.data.Schema(data.schema().features()), Rows.of(data.rows().features()));
  }

  private static Matrix standardised(Standardiser standardiser, Rows rows) {
    return new Matrix(
        rows.size(), rows.features().columns(), standardiser.features(rows.features()));
  }

  private static int[] concatenate(int[] a, int[] b) {
    int[] out = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, out, a.length, b.length);
    return out;
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }
}
