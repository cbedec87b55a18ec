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

  /** Each split takes the one that does best on its validation rows. */
  private static final List<Map<String, Object>> CANDIDATES =
      List.of(
          Map.of("layers", 2, "hidden", 128, "dropout", 0.2, "epochs", 60),
          Map.of("layers", 2, "hidden", 128, "dropout", 0.3, "epochs", 80),
          Map.of("layers", 3, "hidden", 64, "dropout", 0.2, "epochs", 60, "learning-rate", 0.002));

  private record Chosen(Map<String, Object> options, double[] scores) {}

  /** The test rows' scores under the candidate that is best on the validation rows. */
  private static Chosen choose(Fits fits, Dataset data, Rows test, int seed) {
    Chosen best = null;
    double highest = Double.NEGATIVE_INFINITY;
    for (Map<String, Object> options : CANDIDATES) {
      try (Model model = fits.fit("nsf-ar", options, data, FitOptions.seed(seed))) {
        double score = model.card().metrics().get("validation_log_density");
        if (score > highest) {
          highest = score;
          best = new Chosen(options, Fits.logDensity(model, test));
        }
      }
    }
    return java.util.Objects.requireNonNull(best);
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
        Rows train = dequantised(data, parts.train(), new Seed(seed).child("train"));
        Rows validation = dequantised(data, parts.validation(), new Seed(seed).child("valid"));
        Chosen chosen = choose(fits, data, test, seed);
        Map<String, Object> options = chosen.options();
        flow[s] = mean(chosen.scores());
        Baseline full = FullGaussian.fit(train.features());
        gaussian[s] = mean(full.logDensity(test.features()));
        mixture[s] = mixture(data, train, validation, test, seed);
        aboveGaussian[s] = flow[s] - gaussian[s];
        aboveMixture[s] = flow[s] - mixture[s];
        try (Model model = fits.fit("nsf-ar", options, withQuality, FitOptions.seed(seed))) {
          conditional[s] = model.card().metrics().get("test_log_density");
        }
        Dataset blind = withoutContext(withQuality);
        Partition same = Splitter.split(withQuality, Split.DEFAULT, new Seed(seed));
        gain[s] = conditional[s] - unconditional(fits, options, blind, same, seed);
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
            + "one side. All are fitted on the training rows; the mixture's ridge (of 1e-4, 1e-3, "
            + "1e-2) and the options of `nsf-ar` are those that do best on the split's validation "
            + "rows. Options: "
            + CANDIDATES.stream()
                .map(options -> "`" + Results.options(options) + "`")
                .collect(java.util.stream.Collectors.joining(", "))
            + ".",
        "seeds",
        table);
    assertTrue(mean(aboveGaussian) >= 1.8, "above the Gaussian: " + mean(aboveGaussian));
    assertTrue(mean(aboveMixture) > 0, "above the mixture: " + mean(aboveMixture));
  }

  /** The mixture whose ridge does best on the validation rows, on the test rows. */
  private static double mixture(Dataset data, Rows train, Rows validation, Rows test, int seed) {
    Standardiser standardiser = Standardiser.fit(new Dataset(data.schema(), train));
    double best = Double.NEGATIVE_INFINITY;
    double score = Double.NaN;
    for (double ridge : new double[] {1e-4, 1e-3, 1e-2}) {
      Baseline fitted =
          GaussianMixture.fit(standardised(standardiser, train), COMPONENTS, ridge, 3, seed);
      double judged = mean(fitted.logDensity(standardised(standardiser, validation)));
      if (judged > best) {
        best = judged;
        score =
            mean(fitted.logDensity(standardised(standardiser, test)))
                + mean(standardiser.logAbsDet(test.features()));
      }
    }
    return score;
  }

  private static Rows dequantised(Dataset data, int[] indices, Seed seed) {
    return Dequantiser.apply(data.rows().select(indices), data.schema(), seed);
  }

  /** The same estimator without the context, trained and tested on the same rows. */
  private static double unconditional(
      Fits fits, Map<String, Object> options, Dataset blind, Partition parts, int seed) {
    int[] fitted = concatenate(parts.train(), parts.validation());
    Split split = new Split(8.0 / 9, 1.0 / 9, 0);
    Rows test =
        Dequantiser.apply(
            blind.rows().select(parts.test()),
            blind.schema(),
            new Seed(seed).child("judge").child("test"));
    try (Model model =
        fits.fit("nsf-ar", options, blind.select(fitted), FitOptions.seed(seed).withSplit(split))) {
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
