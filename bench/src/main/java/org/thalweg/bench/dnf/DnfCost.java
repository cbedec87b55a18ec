package org.thalweg.bench.dnf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.random.Seed;
import org.thalweg.bench.Installed;
import org.thalweg.toolkit.config.ConfigBinder;

/**
 * {@code DnfCost CSV}: what the density on a manifold in 784 columns costs a row, by deflation and
 * with a Gram determinant of d Jacobian-vector products, over the same flows, one thread.
 */
public final class DnfCost {
  private static final int COLUMNS = 784;
  private static final int ROWS = 128;
  private static final int REPEATS = 5;
  private static final int[] DIMENSIONS = {1, 2, 16, 64};
  private static final String HEAD = "d,method,rows,repeats,milliseconds_a_row,standard_error";

  private DnfCost() {}

  /** Measures what CSV has no row of. */
  public static void main(String[] arguments) throws IOException {
    Path csv = Path.of(arguments[0]);
    if (!Files.exists(csv)) {
      Files.writeString(csv, HEAD + "\n");
    }
    Registry registry = Installed.registry();
    SplittableRandom random = new SplittableRandom(1);
    double[] values = new double[COLUMNS * ROWS];
    Arrays.setAll(values, i -> random.nextGaussian());
    Matrix rows = new Matrix(ROWS, COLUMNS, values);
    try (Engine engine = Engines.open("cpu", EngineOptions.threads(1))) {
      for (int d : DIMENSIONS) {
        for (String estimator : new String[] {"dnf", "m-flow"}) {
          String key = d + "," + estimator + ",";
          if (Files.readAllLines(csv).stream().noneMatch(line -> line.startsWith(key))) {
            EstimatorContext context = new EstimatorContext(engine, registry);
            String row = key + measure(registry.estimator(estimator), d, rows, context);
            Files.writeString(csv, row + "\n", StandardOpenOption.APPEND);
            System.out.println(row);
          }
        }
      }
    }
  }

  private static <C extends Record> String measure(
      EstimatorProvider<C> provider, int d, Matrix rows, EstimatorContext context) {
    Map<String, Object> options =
        new TreeMap<>(
            Map.of(
                "flow", "realnvp",
                "flow.layers", 5,
                "flow.hidden", 128,
                "latent", "realnvp",
                "latent.layers", 3,
                "latent.hidden", 32,
                "epochs", 1,
                "steps", 1,
                "dimension", d));
    C config = ConfigBinder.bind(provider.defaults(), options);
    try (Model model =
        provider
            .create(config, context)
            .fit(Dataset.of(rows), FitOptions.seed(1), FitListener.SILENT)) {
      LogDensity density = model.as(LogDensity.class);
      LogDensity.Named named =
          density.density(model.card().estimator().equals("dnf") ? "manifold:0" : "manifold");
      Rows judged = Rows.of(rows);
      density.logDensity(named, judged, new Seed(1)); // once, before the clock
      double[] times = new double[REPEATS];
      for (int i = 0; i < REPEATS; i++) {
        long start = System.nanoTime();
        density.logDensity(named, judged, new Seed(1));
        times[i] = (System.nanoTime() - start) * 1e-6 / ROWS;
      }
      double mean = Arrays.stream(times).average().orElseThrow();
      double squares = Arrays.stream(times).map(t -> (t - mean) * (t - mean)).sum();
      double error = Math.sqrt(squares / (REPEATS - 1) / REPEATS);
      return String.format(Locale.ROOT, "%d,%d,%.5f,%.5f", ROWS, REPEATS, mean, error);
    }
  }
}
