package org.thalweg.bench.sbi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.inference.AmortisedPosterior;
import org.thalweg.api.inference.SimulatorProvider.Simulation;
import org.thalweg.api.random.Seed;
import org.thalweg.bench.Installed;
import org.thalweg.sbi.calibration.ConditionalDraws;
import org.thalweg.sbi.calibration.ExpectedCoverage;
import org.thalweg.sbi.calibration.Finding;
import org.thalweg.sbi.calibration.JointDraws;
import org.thalweg.sbi.calibration.SimulationBasedCalibration;

/**
 * Simulation-based calibration and expected coverage of an amortised posterior of gaussian_linear:
 * as it was trained, and with its draws widened or shifted on purpose.
 */
record CalibrationResults(Path directory) {
  private static final String HEAD =
      "posterior,training_simulations,seed,check_simulations,draws,sbc_p,sbc_passed,tarp_p,"
          + "tarp_passed,threads,minutes,when,options";
  private static final int CHECKED = 500;
  private static final int DRAWS = 200;
  private static final long SEED = 1;

  /**
   * What is checked: the benchmark's spline flow at its larger budget, and the method's own default
   * with enough simulations to be well trained.
   */
  private static final List<Training> TRAININGS =
      List.of(
          new Training(10_000, Map.of()),
          new Training(
              100_000, Map.of("density", "maf", "density.hidden", 50, "density.blocks", 1)));

  /**
   * A training.
   *
   * @param simulations how many
   * @param set options beside those of the benchmark; at most one training for each number of
   *     simulations
   */
  private record Training(int simulations, Map<String, Object> set) {}

  private Path csv() {
    return directory.resolve("sbi-calibration.csv");
  }

  /** The rows there are. */
  List<String> lines() throws IOException {
    return Files.exists(csv()) ? Files.readAllLines(csv()).stream().skip(1).toList() : List.of();
  }

  /** Runs the trainings that there are no rows of. */
  void run(int threads) throws IOException {
    for (Training training : TRAININGS) {
      boolean done =
          lines().stream().anyMatch(line -> line.split(",")[1].equals("" + training.simulations()));
      if (!done) {
        run(training, threads);
      }
    }
  }

  private void run(Training training, int threads) throws IOException {
    Seed seed = new Seed(SEED).child("calibration");
    double begun = System.nanoTime() * 1e-9;
    Cell cell = new Cell("gaussian_linear", "npe", training.simulations(), 1);
    List<String> rows = new ArrayList<>();
    String options;
    try (Engine engine = Engines.open("cpu", EngineOptions.threads(threads))) {
      Posteriors posteriors = new Posteriors(Installed.registry(), engine);
      options = posteriors.options(cell.method(), training.set());
      Simulation simulation = posteriors.simulation(cell.simulator());
      List<String> names =
          simulation.prior().parameters().stream().map(block -> block.name()).toList();
      JointDraws truth =
          JointDraws.of(simulation.prior(), simulation.simulator(), CHECKED, seed.child("truth"));
      Matrix observation = truth.observations().slice(0, 1);
      try (AmortisedPosterior posterior =
          (AmortisedPosterior) posteriors.infer(cell, observation, seed, training.set())) {
        ConditionalDraws draws = posterior::sample;
        ConditionalDraws wide = changed(draws, 1.5, 0);
        ConditionalDraws shifted = changed(draws, 1, 0.5);
        rows.add(row("as trained", training, truth, draws, names, seed));
        rows.add(row("widened by 1.5", training, truth, wide, names, seed));
        rows.add(row("shifted by 0.5 s.d.", training, truth, shifted, names, seed));
      }
    }
    String end =
        String.format(
            Locale.ROOT,
            ",%d,%.2f,%s,%s%n",
            threads,
            (System.nanoTime() * 1e-9 - begun) / 60,
            LocalDateTime.now().truncatedTo(ChronoUnit.SECONDS),
            options);
    if (!Files.exists(csv())) {
      Files.writeString(csv(), HEAD + "\n");
    }
    String all = String.join(end, rows) + end;
    Files.writeString(csv(), all, StandardOpenOption.APPEND);
    System.out.print(all);
  }

  private static String row(
      String name,
      Training training,
      JointDraws truth,
      ConditionalDraws draws,
      List<String> names,
      Seed seed) {
    Finding sbc = SimulationBasedCalibration.run(truth, draws, DRAWS, seed).finding(names);
    Finding tarp = ExpectedCoverage.run(truth, draws, DRAWS, seed).finding();
    return String.format(
        Locale.ROOT,
        "%s,%d,%d,%d,%d,%.3g,%s,%.3g,%s",
        name,
        training.simulations(),
        SEED,
        CHECKED,
        DRAWS,
        sbc.value(),
        sbc.passed(),
        tarp.value(),
        tarp.passed());
  }

  /** Each observation's draws, about their own mean and in their own standard deviations. */
  private static ConditionalDraws changed(ConditionalDraws draws, double width, double shift) {
    return (k, observations, seed) -> {
      Matrix out = draws.sample(k, observations, seed);
      int d = out.columns();
      for (int i = 0; i < observations.rows(); i++) {
        for (int j = 0; j < d; j++) {
          double[] column = out.slice(i * k, (i + 1) * k).column(j);
          double mean = 0;
          double square = 0;
          for (double value : column) {
            mean += value / k;
            square += value * value / k;
          }
          double deviation = Math.sqrt(Math.max(0, square - mean * mean));
          for (int r = 0; r < k; r++) {
            out.values()[(i * k + r) * d + j] =
                mean + width * (column[r] - mean) + shift * deviation;
          }
        }
      }
      return out;
    };
  }
}
