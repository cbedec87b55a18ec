package org.thalweg.bench.sbi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
  private static final int TRAINING = 10_000;
  private static final int CHECKED = 500;
  private static final int DRAWS = 200;
  private static final long SEED = 1;

  private Path csv() {
    return directory.resolve("sbi-calibration.csv");
  }

  /** The rows there are. */
  List<String> lines() throws IOException {
    return Files.exists(csv()) ? Files.readAllLines(csv()).stream().skip(1).toList() : List.of();
  }

  void run(int threads) throws IOException {
    if (!lines().isEmpty()) {
      return;
    }
    Seed seed = new Seed(SEED).child("calibration");
    double begun = System.nanoTime() * 1e-9;
    Cell cell = new Cell("gaussian_linear", "npe", TRAINING, 1);
    List<String> rows = new ArrayList<>();
    String options;
    try (Engine engine = Engines.open("cpu", EngineOptions.threads(threads))) {
      Posteriors posteriors = new Posteriors(Installed.registry(), engine);
      options = posteriors.options(cell.method());
      Simulation simulation = posteriors.simulation(cell.simulator());
      List<String> names =
          simulation.prior().parameters().stream().map(block -> block.name()).toList();
      JointDraws truth =
          JointDraws.of(simulation.prior(), simulation.simulator(), CHECKED, seed.child("truth"));
      Matrix observation = truth.observations().slice(0, 1);
      try (AmortisedPosterior posterior =
          (AmortisedPosterior) posteriors.infer(cell, observation, seed)) {
        ConditionalDraws draws = posterior::sample;
        rows.add(row("as trained", truth, draws, names, seed));
        rows.add(row("widened by 1.5", truth, changed(draws, 1.5, 0), names, seed));
        rows.add(row("shifted by 0.5 s.d.", truth, changed(draws, 1, 0.5), names, seed));
      }
    }
    String end =
        String.format(
            Locale.ROOT,
            ",%d,%.2f,%s,%s",
            threads,
            (System.nanoTime() * 1e-9 - begun) / 60,
            LocalDateTime.now().truncatedTo(ChronoUnit.SECONDS),
            options);
    List<String> out = new ArrayList<>(List.of(HEAD));
    rows.forEach(row -> out.add(row + end));
    Files.write(csv(), out);
    out.forEach(System.out::println);
  }

  private static String row(
      String name, JointDraws truth, ConditionalDraws draws, List<String> names, Seed seed) {
    Finding sbc = SimulationBasedCalibration.run(truth, draws, DRAWS, seed).finding(names);
    Finding tarp = ExpectedCoverage.run(truth, draws, DRAWS, seed).finding();
    return String.format(
        Locale.ROOT,
        "%s,%d,%d,%d,%d,%.3g,%s,%.3g,%s",
        name,
        TRAINING,
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
