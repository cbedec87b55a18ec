package org.thalweg.bench.sbi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.inference.AmortisedPosterior;
import org.thalweg.api.inference.Posterior;
import org.thalweg.api.random.Seed;
import org.thalweg.bench.CpuClock;
import org.thalweg.bench.Installed;
import org.thalweg.sbi.metric.C2st;

/**
 * {@code MethodSettings RESULTS METHOD TASK SIMULATIONS SEED OBSERVATIONS [key=value...]}: a method
 * with other options than the benchmark's, judged at the first so many observations of the task, or
 * at those of a range such as {@code 3-5}. Amortised methods are trained once for all of them. Adds
 * a row for each to RESULTS/sbi-settings.csv. The first round's simulations of a seed are the same
 * whatever the options, so rows of one method, seed and observation are pairs.
 */
public final class MethodSettings {
  private static final String HEAD =
      "method,task,simulations,seed,observation,c2st,steps,validation_score,processor_minutes,when,"
          + "set";
  private static final int DRAWS = 10_000;

  private final Path csv;
  private final String[] a;
  private final String[] words;
  private final SbibmFiles files = new SbibmFiles();

  private MethodSettings(String[] arguments) throws IOException {
    this.csv = Path.of(arguments[0]).resolve("sbi-settings.csv");
    this.a = arguments;
    this.words = Arrays.copyOfRange(arguments, 6, arguments.length);
  }

  /** Runs one setting. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length < 6) {
      System.err.println(
          "MethodSettings RESULTS METHOD TASK SIMULATIONS SEED OBSERVATIONS [key=value...]");
      System.exit(2);
    }
    new MethodSettings(arguments).run();
  }

  private void run() throws IOException {
    if (!Files.exists(csv)) {
      Files.writeString(csv, HEAD + "\n");
    }
    try (Engine engine = Engines.open("cpu", EngineOptions.threads(1))) {
      Posterior amortised = null;
      double minutes = 0;
      for (int observation : observations()) {
        Cell cell = new Cell(a[2], a[1], Integer.parseInt(a[3]), observation);
        if (amortised == null) {
          double begun = CpuClock.seconds();
          Posterior posterior = infer(engine, cell);
          minutes = (CpuClock.seconds() - begun) / 60;
          if (!(posterior instanceof AmortisedPosterior)) {
            try (posterior) {
              judge(cell, posterior, minutes);
            }
            continue;
          }
          amortised = posterior;
        }
        judge(cell, amortised, minutes);
      }
      if (amortised != null) {
        amortised.close();
      }
    }
  }

  private int[] observations() {
    String[] range = a[5].split("-");
    int first = range.length == 1 ? 1 : Integer.parseInt(range[0]);
    return IntStream.rangeClosed(first, Integer.parseInt(range[range.length - 1])).toArray();
  }

  private Posterior infer(Engine engine, Cell cell) throws IOException {
    Map<String, Object> set =
        new TreeMap<>(
            Map.of(
                "calibration-simulations", 0, "predictive-simulations", 0, "local-simulations", 0));
    set.putAll(Posteriors.words(words));
    return new Posteriors(Installed.registry(), engine)
        .infer(cell, files.observation(cell), seed(), set);
  }

  private Seed seed() {
    return new Seed(Long.parseLong(a[4]));
  }

  private void judge(Cell cell, Posterior posterior, double minutes) throws IOException {
    Seed draw = seed().child("draws");
    Matrix draws =
        posterior instanceof AmortisedPosterior of
            ? of.sample(DRAWS, files.observation(cell), draw)
            : posterior.sample(DRAWS, draw);
    double c2st = C2st.of(files.reference(cell), draws, new Seed(1), 1).accuracy();
    Map<String, Double> figures = posterior.diagnostics().figures();
    String line =
        String.format(
            Locale.ROOT,
            "%s,%s,%d,%s,%d,%.5f,%.0f,%.5f,%.3f,%s,%s%n",
            cell.method(),
            cell.task(),
            cell.simulations(),
            a[4],
            cell.observation(),
            c2st,
            figures.getOrDefault("steps_round_" + cell.rounds(), Double.NaN),
            figures.getOrDefault("validation_score", Double.NaN),
            minutes,
            LocalDateTime.now().truncatedTo(ChronoUnit.SECONDS),
            words.length == 0 ? "defaults" : String.join(" ", words));
    Files.writeString(csv, line, StandardOpenOption.APPEND);
    System.out.print(line);
  }
}
