package org.thalweg.bench.vi;

import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.thalweg.api.inference.LogDensityProblem;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.infer.Psis;

/**
 * Runs trainings of variational inference, judges them, and writes the page of results: {@code
 * ViGrid RESULTS.csv DOCS TIER [MINUTES [PART]]}. A row that the file has already is not computed
 * again; with no minutes left nothing new is begun; with tier 0 only the page is written. PART is a
 * part of the keys of rows to be run, such as {@code full-rank}.
 */
public final class ViGrid {
  static final String HEAD =
      "table,target,label,seed,seconds,k_hat,k_hat_sd,elbo,elbo_sd,log_evidence,"
          + "error,error_psis,sd_low,sd_high,sd_low_psis,sd_high_psis,forward_kl,verdict,options";

  private static final int ESTIMATES = 50;
  private static final int DRAWS = 5000;
  private static final int COMPARED = 20_000;

  private final Path results;
  private final Path docs;

  private ViGrid(Path results, Path docs) {
    this.results = results;
    this.docs = docs;
  }

  /** Runs it. */
  public static void main(String[] arguments) throws IOException {
    ViGrid grid = new ViGrid(Path.of(arguments[0]), Path.of(arguments[1]));
    int tier = Integer.parseInt(arguments[2]);
    double minutes = arguments.length > 3 ? Double.parseDouble(arguments[3]) : 1e6;
    grid.run(tier, minutes, arguments.length > 4 ? arguments[4] : "");
  }

  private void run(int tier, double minutes, String part) throws IOException {
    long start = System.nanoTime();
    if (!Files.exists(results)) {
      append(HEAD);
    }
    for (Cell cell : Grid.all()) {
      // Another run may have added it meanwhile.
      boolean known =
          Files.readAllLines(results).stream().anyMatch(row -> row.startsWith(cell.key() + ","));
      boolean time = (System.nanoTime() - start) * 1e-9 < 60 * minutes;
      boolean wanted = cell.tier() <= tier && cell.key().contains(part);
      if (!known && time && wanted) {
        append(row(cell));
        System.out.println(cell.key());
      }
    }
    new ViPage(Files.readAllLines(results), docs).write();
  }

  private void append(String line) throws IOException {
    Files.writeString(results, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private String row(Cell cell) throws IOException {
    Map<String, Object> data =
        PosteriorDb.all().stream()
            .filter(entry -> entry.target().equals(cell.target()))
            .findFirst()
            .map(entry -> PosteriorDb.data(entry.data()))
            .orElse(Map.of());
    // Regressions on thousands of dollars, and near-singular covariances, want the digits.
    boolean precise = cell.table() == Cell.Table.POSTERIORDB;
    Trial trial = new Trial(precise ? DataType.FLOAT64 : DataType.FLOAT32);
    LogDensityProblem problem = trial.problem(cell.target(), data);
    Trial.Trained trained = trial.train(cell.method(), problem, cell.options(), cell.seed());
    Map<String, String> found = new TreeMap<>();
    found.put("seconds", number(trained.seconds()));
    found.put("verdict", trained.posterior().diagnostics().verdict().name());
    estimates(trial, trained, cell, found);
    if (cell.table() == Cell.Table.POSTERIORDB) {
      compare(trial, trained, cell, data, found);
    } else if (cell.table() == Cell.Table.TOYS) {
      found.put("forward_kl", number(new Plane(trial, trained).measure(docs, cell)));
    }
    StringBuilder line = new StringBuilder(cell.key());
    for (String column : HEAD.split(",")) {
      if (!List.of("table", "target", "label", "seed", "options").contains(column)) {
        line.append(',').append(found.getOrDefault(column, ""));
      }
    }
    return line.append(',').append(trial.options(cell.method(), cell.options())).toString();
  }

  /** Means and deviations of k-hat and of the lower bound over sets of draws. */
  private static void estimates(
      Trial trial, Trial.Trained trained, Cell cell, Map<String, String> found) {
    int sets = cell.table() == Cell.Table.SCHOOLS ? ESTIMATES : 10;
    double[] kHats = new double[sets];
    double[] bounds = new double[sets];
    double[] evidences = new double[sets];
    for (int i = 0; i < sets; i++) {
      Trial.Weighed weighed =
          trial.weigh(trained, DRAWS, new Seed(cell.seed()).child("estimate").child(i));
      Psis psis = weighed.psis();
      kHats[i] = psis.kHat();
      bounds[i] = weighed.elbo();
      evidences[i] = psis.logMeanRatio();
    }
    found.put("k_hat", number(mean(kHats)));
    found.put("k_hat_sd", number(deviation(kHats)));
    found.put("elbo", number(mean(bounds)));
    found.put("elbo_sd", number(deviation(bounds)));
    found.put("log_evidence", number(mean(evidences)));
  }

  private static void compare(
      Trial trial,
      Trial.Trained trained,
      Cell cell,
      Map<String, Object> data,
      Map<String, String> found) {
    Trial.Weighed weighed = trial.weigh(trained, COMPARED, new Seed(cell.seed()).child("compare"));
    String name =
        PosteriorDb.all().stream()
            .filter(entry -> entry.target().equals(cell.target()))
            .findFirst()
            .orElseThrow()
            .draws();
    Map<String, double[]> truth = PosteriorDb.draws(name);
    Map<String, double[]> ours =
        Derived.of(cell.target(), trained.problem().parameterNames(), weighed.draws(), data);
    double[] even = new double[COMPARED];
    Arrays.fill(even, 1.0 / COMPARED);
    judge(truth, ours, even, "", found);
    judge(truth, ours, weighed.psis().weights(), "_psis", found);
  }

  private static void judge(
      Map<String, double[]> truth,
      Map<String, double[]> ours,
      double[] weights,
      String suffix,
      Map<String, String> found) {
    double error = 0;
    double low = Double.POSITIVE_INFINITY;
    double high = 0;
    for (Map.Entry<String, double[]> entry : truth.entrySet()) {
      double[] draws = ours.get(entry.getKey());
      if (draws == null) {
        throw new IllegalStateException("No draws of " + entry.getKey() + ": " + ours.keySet());
      }
      double mean = IntStream.range(0, draws.length).mapToDouble(i -> weights[i] * draws[i]).sum();
      double variance =
          IntStream.range(0, draws.length)
              .mapToDouble(i -> weights[i] * (draws[i] - mean) * (draws[i] - mean))
              .sum();
      double reference = deviation(entry.getValue());
      error = Math.max(error, Math.abs(mean - mean(entry.getValue())) / reference);
      low = Math.min(low, Math.sqrt(variance) / reference);
      high = Math.max(high, Math.sqrt(variance) / reference);
    }
    found.put("error" + suffix, number(error));
    found.put("sd_low" + suffix, number(low));
    found.put("sd_high" + suffix, number(high));
  }

  static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(Double.NaN);
  }

  static double deviation(double[] values) {
    double mean = mean(values);
    double sum = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    return Math.sqrt(sum / Math.max(1, values.length - 1));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.5g", value);
  }
}
