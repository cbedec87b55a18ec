package org.thalweg.bench.planar;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.estimator.Estimator;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.Split;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.random.Seed;
import org.thalweg.app.picture.DensityMap;
import org.thalweg.app.picture.PictureFile;
import org.thalweg.bench.Installed;
import org.thalweg.toolkit.config.ConfigBinder;

/**
 * Fits every family to every set, with the estimators' defaults and a time limit, and judges it on
 * fresh rows: {@code Planar OUT.csv PICTURES SETS ESTIMATORS SEED SECONDS}. As the command does, it
 * uses all processors. Rows that the file has already are not computed again.
 */
public final class Planar {
  private static final int TRAIN_ROWS = 200_000;
  private static final int TEST_ROWS = 20_000;
  private static final String HEAD =
      "set,estimator,seed,threads,seconds,steps,parameters,mean_log_density,standard_error,kl,kl_standard_error";

  private final Path out;
  private final Path pictures;
  private final long seed;
  private final Duration limit;
  private final int threads = Runtime.getRuntime().availableProcessors();
  private final Registry registry = Installed.registry();

  private Planar(Path out, Path pictures, long seed, Duration limit) {
    this.out = out;
    this.pictures = pictures;
    this.seed = seed;
    this.limit = limit;
  }

  /** Runs what is missing. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 6) {
      System.err.println("Planar OUT.csv PICTURES SETS|all ESTIMATORS SEED SECONDS");
      System.exit(2);
    }
    Planar planar =
        new Planar(
            Path.of(arguments[0]),
            Path.of(arguments[1]),
            Long.parseLong(arguments[4]),
            Duration.ofSeconds(Long.parseLong(arguments[5])));
    List<String> sets = Arrays.asList(arguments[2].split(","));
    for (String estimator : arguments[3].split(",")) {
      for (PlanarSet set : PlanarSet.all()) {
        if (sets.contains("all") || sets.contains(set.name())) {
          planar.run(set, estimator);
        }
      }
    }
  }

  private void run(PlanarSet set, String estimator) throws IOException {
    String key = "%s,%s,%d,".formatted(set.name(), estimator, seed);
    if (!Files.exists(out)) {
      Files.createDirectories(out.toAbsolutePath().getParent());
      Files.writeString(out, HEAD + "\n");
    }
    Set<String> done = new HashSet<>(Files.readAllLines(out));
    if (done.stream().anyMatch(line -> line.startsWith(key))) {
      return;
    }
    Matrix train = new Matrix(TRAIN_ROWS, 2, set.sample(TRAIN_ROWS, 1000 + seed));
    Matrix test = new Matrix(TEST_ROWS, 2, set.sample(TEST_ROWS, 2000 + seed));
    try (Engine engine = Engines.open("cpu", EngineOptions.threads(threads));
        Model model = fit(registry.estimator(estimator), engine, train)) {
      double[] values = logDensity(model, test);
      Map<String, Double> metrics = model.card().metrics();
      String row =
          key
              + String.format(
                  Locale.ROOT,
                  "%d,%.0f,%.0f,%.0f,%s,%s%n",
                  threads,
                  metrics.get("seconds"),
                  metrics.get("steps"),
                  metrics.get("parameters"),
                  mean(values),
                  divergence(set, test, values));
      Files.writeString(out, row, StandardOpenOption.APPEND);
      System.out.print(row);
      picture(set, estimator, model, test);
    }
  }

  private <C extends Record> Model fit(EstimatorProvider<C> provider, Engine engine, Matrix train) {
    C config = ConfigBinder.bind(provider.defaults(), Map.of());
    Estimator estimator = provider.create(config, new EstimatorContext(engine, registry));
    FitOptions options =
        FitOptions.seed(seed).withSplit(new Split(0.9, 0.1, 0)).withTimeLimit(limit);
    return estimator.fit(Dataset.of(train), options, FitListener.SILENT);
  }

  private double[] logDensity(Model model, Matrix rows) {
    LogDensity density = model.as(LogDensity.class);
    return density.logDensity(density.densities().get(0), Rows.of(rows), new Seed(seed)).values();
  }

  /** KL(truth, model) as the mean of paired differences on rows of the truth, where it is known. */
  private static String divergence(PlanarSet set, Matrix test, double[] values) {
    if (set.logDensity().isEmpty()) {
      return ",";
    }
    double[] differences = new double[values.length];
    Arrays.setAll(
        differences,
        i -> set.logDensity().get().applyAsDouble(test.get(i, 0), test.get(i, 1)) - values[i]);
    return mean(differences);
  }

  /** The mean and its standard error. */
  private static String mean(double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    double sum = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    double error = Math.sqrt(sum / (values.length - 1) / values.length);
    return String.format(Locale.ROOT, "%.4f,%.4f", mean, error);
  }

  private void picture(PlanarSet set, String estimator, Model model, Matrix test)
      throws IOException {
    Files.createDirectories(pictures);
    Matrix some = test.slice(0, 2000);
    PictureFile.write(
        pictures.resolve(set.name() + "-" + estimator + ".png"),
        DensityMap.draw(
            set.name() + ", " + estimator,
            List.of("x1", "x2"),
            some,
            points -> logDensity(model, points)));
  }
}
