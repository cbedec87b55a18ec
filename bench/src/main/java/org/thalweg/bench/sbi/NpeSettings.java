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
import org.thalweg.api.data.Matrix;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.inference.AmortisedPosterior;
import org.thalweg.api.random.Seed;
import org.thalweg.bench.CpuClock;
import org.thalweg.bench.Installed;
import org.thalweg.sbi.metric.C2st;

/**
 * {@code NpeSettings RESULTS TASK SIMULATIONS SEED OBSERVATIONS [key=value...]}: npe with other
 * options, one training, judged at the first so many observations of the task. Adds a row for each
 * to RESULTS/sbi-settings.csv. Simulations of a seed are the same whatever the options, so rows of
 * one seed and observation are pairs.
 */
public final class NpeSettings {
  private static final String HEAD =
      "task,simulations,seed,observation,c2st,steps,validation_score,processor_minutes,when,set";
  private static final int DRAWS = 10_000;

  private NpeSettings() {}

  /** Runs one setting. */
  public static void main(String[] a) throws IOException {
    Path csv = Path.of(a[0]).resolve("sbi-settings.csv");
    if (!Files.exists(csv)) {
      Files.writeString(csv, HEAD + "\n");
    }
    Seed seed = new Seed(Long.parseLong(a[3]));
    String[] words = Arrays.copyOfRange(a, 5, a.length);
    Map<String, Object> set =
        new TreeMap<>(Map.of("calibration-simulations", 0, "predictive-simulations", 0));
    set.putAll(Posteriors.words(words));
    SbibmFiles files = new SbibmFiles();
    try (Engine engine = Engines.open("cpu", EngineOptions.threads(1))) {
      double begun = CpuClock.seconds();
      Cell first = new Cell(a[1], "npe", Integer.parseInt(a[2]), 1);
      try (AmortisedPosterior posterior =
          (AmortisedPosterior)
              new Posteriors(Installed.registry(), engine)
                  .infer(first, files.observation(first), seed, set)) {
        double minutes = (CpuClock.seconds() - begun) / 60;
        Map<String, Double> figures = posterior.diagnostics().figures();
        for (int o = 1; o <= Integer.parseInt(a[4]); o++) {
          Cell cell = new Cell(first.task(), "npe", first.simulations(), o);
          Matrix draws = posterior.sample(DRAWS, files.observation(cell), seed.child("draws"));
          double c2st = C2st.of(files.reference(cell), draws, new Seed(1), 1).accuracy();
          String line =
              String.format(
                  Locale.ROOT,
                  "%s,%d,%s,%d,%.5f,%.0f,%.5f,%.3f,%s,%s%n",
                  cell.task(),
                  cell.simulations(),
                  a[3],
                  o,
                  c2st,
                  figures.getOrDefault("steps_round_1", Double.NaN),
                  figures.getOrDefault("validation_score", Double.NaN),
                  minutes,
                  LocalDateTime.now().truncatedTo(ChronoUnit.SECONDS),
                  words.length == 0 ? "defaults" : String.join(" ", words));
          Files.writeString(csv, line, StandardOpenOption.APPEND);
          System.out.print(line);
        }
      }
    }
  }
}
