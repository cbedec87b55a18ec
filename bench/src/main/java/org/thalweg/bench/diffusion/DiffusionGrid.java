package org.thalweg.bench.diffusion;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Rows;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.Split;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.random.Seed;
import org.thalweg.bench.Installed;
import org.thalweg.toolkit.config.ConfigBinder;
import org.thalweg.toolkit.data.Dequantiser;
import org.thalweg.toolkit.data.Splitter;

/**
 * Fits a diffusion for each combination and judges it on the split's test rows: {@code
 * DiffusionGrid OUT.csv SETS EQUATIONS WEIGHTINGS NOISES SEEDS STEPS [KEY=VALUE ...]}. A
 * combination that the file has already is not computed again. {@code DiffusionGrid --table
 * OUT.csv} prints the file as a table with paired differences.
 */
public final class DiffusionGrid {
  static final String HEAD =
      "set,equation,weighting,noise,seed,steps,options,taken,seconds,parameters,loss_variance,rows,"
          + "ode,ode_standard_error,bound,bound_standard_error";

  private static final int MOST_TEST_ROWS = 1000;

  private final Path out;
  private final long steps;
  private final Map<String, Object> set;
  private final Registry registry = Installed.registry();

  private DiffusionGrid(Path out, long steps, Map<String, Object> set) {
    this.out = out;
    this.steps = steps;
    this.set = set;
  }

  /** Runs what is missing, seed by seed. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length == 2 && arguments[0].equals("--table")) {
      System.out.print(DiffusionTable.of(Path.of(arguments[1])));
      return;
    }
    if (arguments.length < 7) {
      System.err.println(
          "DiffusionGrid OUT.csv SETS EQUATIONS WEIGHTINGS NOISES SEEDS STEPS [KEY=VALUE ...]\n"
              + "DiffusionGrid --table OUT.csv");
      System.exit(2);
    }
    Map<String, Object> set = new HashMap<>();
    for (String option : Arrays.copyOfRange(arguments, 7, arguments.length)) {
      set.put(option.split("=")[0], option.split("=")[1]);
    }
    DiffusionGrid grid =
        new DiffusionGrid(Path.of(arguments[0]), Long.parseLong(arguments[6]), set);
    for (String seed : arguments[5].split(",")) {
      for (String name : arguments[1].split(",")) {
        RealSet data = RealSet.of(name);
        for (String equation : arguments[2].split(",")) {
          for (String weighting : arguments[3].split(",")) {
            for (String noise : arguments[4].split(",")) {
              grid.run(data, equation, weighting, noise, Long.parseLong(seed));
            }
          }
        }
      }
    }
  }

  private void run(RealSet table, String equation, String weighting, String noise, long seed)
      throws IOException {
    String key =
        String.join(",", table.name(), equation, weighting, noise, "" + seed, "" + steps, options())
            + ",";
    if (!Files.exists(out)) {
      Files.createDirectories(out.toAbsolutePath().getParent());
      Files.writeString(out, HEAD + "\n");
    }
    if (Files.readAllLines(out).stream().anyMatch(line -> line.startsWith(key))) {
      return;
    }
    Map<String, Object> options = new HashMap<>(table.options());
    options.put("equation", equation);
    options.put("weighting", weighting);
    options.put("dequantise", noise);
    options.put("epochs", 1_000_000);
    options.put("steps", steps);
    options.put("clip-norm", weighting.equals("original") ? 1 : 20);
    options.putAll(set);
    List<Double> losses = new ArrayList<>();
    try (Engine engine = Engines.open("cpu", EngineOptions.threads(1));
        Model model =
            fit(registry.estimator("diffusion"), options, engine, table.data(), seed, losses)) {
      Dataset data = new Dataset(model.schema(), table.data().rows());
      Rows test = test(data, seed);
      LogDensity density = model.as(LogDensity.class);
      double[] ode = scores(density, data, "ode", test, seed);
      double[] bound = scores(density, data, "sde-bound", test, seed);
      Files.writeString(rows(out, key), lines(ode, bound));
      // Of the last quarter of the steps, as is the published figure of converged runs.
      List<Double> last = losses.subList(losses.size() - losses.size() / 4, losses.size());
      double[] some = last.stream().mapToDouble(Double::doubleValue).toArray();
      Map<String, Double> metrics = model.card().metrics();
      String row =
          key
              + String.format(
                  Locale.ROOT,
                  "%.0f,%.0f,%.0f,%.6g,%d,%.4f,%.4f,%.4f,%.4f%n",
                  metrics.get("steps"),
                  metrics.get("seconds"),
                  metrics.get("parameters"),
                  Figures.variance(some),
                  test.size(),
                  Figures.mean(ode),
                  Figures.error(ode),
                  Figures.mean(bound),
                  Figures.error(bound));
      Files.writeString(out, row, StandardOpenOption.APPEND);
      System.out.print(row);
    }
  }

  /** The options that were asked for, so that other ones are another row; "-" for none. */
  private String options() {
    String all =
        new TreeMap<>(set)
            .entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining(" "));
    return all.isEmpty() ? "-" : all;
  }

  /** The test rows' own figures, so that two combinations can be compared row by row. */
  static Path rows(Path out, String key) throws IOException {
    Path directory = Path.of(out + ".rows");
    Files.createDirectories(directory);
    return directory.resolve(key.substring(0, key.length() - 1).replaceAll("[, ]", "-") + ".csv");
  }

  private static String lines(double[] ode, double[] bound) {
    return IntStream.range(0, ode.length)
        .mapToObj(i -> ode[i] + "," + bound[i])
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private <C extends Record> Model fit(
      EstimatorProvider<C> provider,
      Map<String, Object> options,
      Engine engine,
      Dataset data,
      long seed,
      List<Double> losses) {
    C config = ConfigBinder.bind(provider.defaults(), options);
    boolean[] second = new boolean[1];
    FitListener listener =
        event -> {
          if (event instanceof FitEvent.Stepped stepped && !second[0]) {
            losses.add(stepped.loss());
          }
          second[0] |= event instanceof FitEvent.Finished;
        };
    return provider
        .create(config, new EstimatorContext(engine, registry))
        .fit(data, FitOptions.seed(seed), listener);
  }

  /** The rows that the fit did not see. */
  private static Rows test(Dataset data, long seed) {
    int[] rows = Splitter.split(data, Split.DEFAULT, new Seed(seed)).test();
    return data.rows().select(Arrays.stream(rows).limit(MOST_TEST_ROWS).toArray());
  }

  /**
   * In nats of the user's units: of a rounded table the bound on the probability of a row's box,
   * over the box's volume.
   */
  private static double[] scores(
      LogDensity density, Dataset data, String name, Rows test, long seed) {
    boolean rounded = density.densities().stream().anyMatch(n -> n.name().equals(name + "-mass"));
    String asked = rounded ? name + "-mass" : name;
    double[] out = density.logDensity(density.density(asked), test, new Seed(seed)).values();
    double logBox = 0;
    for (Column column : data.schema().features()) {
      logBox += rounded ? Math.log(Dequantiser.step(column).getAsDouble()) : 0;
    }
    for (int i = 0; i < out.length; i++) {
      out[i] -= logBox;
    }
    return out;
  }
}
