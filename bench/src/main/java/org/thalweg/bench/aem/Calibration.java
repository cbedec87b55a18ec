package org.thalweg.bench.aem;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.thalweg.aem.AemModel;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.random.Seed;

/**
 * Importance-sampled normalisers against numerical integration (Durkan and Nash, 2019, section
 * 4.2): 1,000 conditionals, none of the first column, with contexts from rows that were not trained
 * on.
 */
final class Calibration {
  static final int[] SAMPLES = {20, 100, 1000, 20_000};
  private static final int CONDITIONALS = 1000;

  private Calibration() {}

  /**
   * One conditional a line: log Z, the weights' coefficient of variation, an estimate for each S.
   */
  static void write(Path file, AemModel model, Matrix test) throws IOException {
    int d = test.columns();
    int rows = Math.min(test.rows(), (CONDITIONALS + d - 2) / (d - 1));
    Rows some = Rows.of(test.slice(0, rows));
    Seed seed = new Seed(77);
    double[] exact = model.logNormalisers(model.density("exact:1e-5"), some, seed).values();
    int most = 2000;
    double[] effective = model.effectiveSamples(some, most, seed.child("cv")).values();
    List<double[]> estimates = new ArrayList<>();
    for (int samples : SAMPLES) {
      estimates.add(
          model
              .logNormalisers(model.density("estimate:" + samples), some, seed.child(samples))
              .values());
    }
    List<String> lines = new ArrayList<>();
    lines.add("log_z,cv,s20,s100,s1000,s20000");
    IntStream.range(0, exact.length)
        .filter(g -> g % d > 0)
        .limit(CONDITIONALS)
        .forEach(
            g -> {
              StringBuilder line = new StringBuilder();
              double cv = Math.sqrt(Math.max(0, most / effective[g] - 1));
              line.append(String.format(Locale.ROOT, "%.7g,%.5g", exact[g], cv));
              estimates.forEach(e -> line.append(String.format(Locale.ROOT, ",%.7g", e[g])));
              lines.add(line.toString());
            });
    Files.createDirectories(file.getParent());
    Files.write(file, lines);
  }

  /**
   * What a file says for one S.
   *
   * @param relative 5 %, 50 % and 95 % of |error of log Z| / |log Z|
   * @param median of |error of log Z|, in nats
   * @param scaled the median of |error| sqrt(S) / CV: 0.67 where errors are normal with the
   *     predicted spread
   * @param medianCv the median coefficient of variation
   * @param medianWhereEven the median |error| where CV is at most 0.4; NaN where there is none
   */
  record Summary(
      double[] relative, double median, double scaled, double medianCv, double medianWhereEven) {}

  static Summary read(Path file, int index) throws IOException {
    double[][] rows =
        Files.readAllLines(file).stream()
            .skip(1)
            .map(line -> Arrays.stream(line.split(",")).mapToDouble(Double::parseDouble).toArray())
            .toArray(double[][]::new);
    double[] errors = Arrays.stream(rows).mapToDouble(r -> Math.abs(r[2 + index] - r[0])).toArray();
    double[] relative =
        IntStream.range(0, rows.length)
            .mapToDouble(i -> errors[i] / Math.abs(rows[i][0]))
            .toArray();
    double[] scaled =
        IntStream.range(0, rows.length)
            .mapToDouble(i -> errors[i] * Math.sqrt(SAMPLES[index]) / Math.max(1e-9, rows[i][1]))
            .toArray();
    double[] even =
        IntStream.range(0, rows.length)
            .filter(i -> rows[i][1] <= 0.4)
            .mapToDouble(i -> errors[i])
            .toArray();
    return new Summary(
        new double[] {quantile(relative, 0.05), quantile(relative, 0.5), quantile(relative, 0.95)},
        quantile(errors, 0.5),
        quantile(scaled, 0.5),
        quantile(Arrays.stream(rows).mapToDouble(r -> r[1]).toArray(), 0.5),
        even.length == 0 ? Double.NaN : quantile(even, 0.5));
  }

  private static double quantile(double[] values, double fraction) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double place = fraction * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(sorted.length - 1, below + 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
