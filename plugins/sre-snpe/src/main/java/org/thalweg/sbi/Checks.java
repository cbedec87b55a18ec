package org.thalweg.sbi;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.inference.Diagnostics;
import org.thalweg.api.inference.Graph;
import org.thalweg.api.inference.SimulatorProblem;
import org.thalweg.api.random.Seed;
import org.thalweg.sbi.calibration.ConditionalDraws;
import org.thalweg.sbi.calibration.ExpectedCoverage;
import org.thalweg.sbi.calibration.Finding;
import org.thalweg.sbi.calibration.JointDraws;
import org.thalweg.sbi.calibration.LocalC2st;
import org.thalweg.sbi.calibration.Picture;
import org.thalweg.sbi.calibration.PredictiveCheck;
import org.thalweg.sbi.calibration.SimulationBasedCalibration;
import org.thalweg.sbi.run.SimulationConfig;
import org.thalweg.sbi.run.SimulationRunner;
import org.thalweg.sbi.run.Simulations;

/**
 * What can be checked of a posterior at little cost: calibration over simulations that no gradient
 * saw, whether the observation is among what was simulated, and whether the posterior's draws
 * simulate data like it.
 */
final class Checks {
  /** Draws of each posterior that a truth is ranked among. */
  private static final int RANKED = 100;

  /** Fewer simulations than these say nothing about calibration. */
  private static final int FEWEST = 20;

  /** ... and fewer than these, a tenth of ten thousand or nearly so, nothing of one observation. */
  private static final int FEWEST_LOCAL = 900;

  /** Classifiers that chance is measured by: the least p-value is 1/40. */
  private static final int NULLS = 39;

  /** The simulations that an observation is compared with, at most: their distances are a table. */
  private static final int COMPARED = 1000;

  /** The posterior's draws that fail to simulate, and too few of them are left to compare. */
  private static final int FEWEST_PREDICTED = 20;

  /**
   * What a posterior is checked with.
   *
   * @param config how much is done
   * @param heldOut draws of the prior with their data that no gradient saw
   * @param simulated data of draws of the prior
   */
  record Material(CheckConfig config, Optional<JointDraws> heldOut, Matrix simulated) {
    /** Of a run's simulations: those of the first round are from the prior. */
    static Material of(CheckConfig config, Simulations.Used used, int[] validation) {
      List<Integer> held = new ArrayList<>();
      int most = Math.max(config.calibrationSimulations(), config.localSimulations());
      for (int row : validation) {
        if (used.rounds()[row] == 1 && held.size() < most) {
          held.add(row);
        }
      }
      int[] rows = held.stream().mapToInt(Integer::intValue).toArray();
      int first = 0;
      while (first < used.size() && used.rounds()[first] == 1 && first < COMPARED) {
        first++;
      }
      Optional<JointDraws> joint =
          rows.length < FEWEST
              ? Optional.empty()
              : Optional.of(
                  new JointDraws(used.parameters().select(rows), used.data().select(rows)));
      return new Material(config, joint, used.data().slice(0, first));
    }
  }

  private final SimulatorProblem problem;
  private final Material material;
  private final Seed seed;
  private final Judgement judgement = new Judgement();
  private final List<Graph> graphs = new ArrayList<>();

  Checks(SimulatorProblem problem, Material material, Seed seed) {
    this.problem = problem;
    this.material = material;
    this.seed = seed;
  }

  /** Calibration over what no gradient saw. */
  Checks calibration(ConditionalDraws draws) {
    heldOut(material.config().calibrationSimulations(), FEWEST)
        .ifPresent(
            truth -> {
              note(
                  SimulationBasedCalibration.run(truth, draws, RANKED, seed.child("sbc"))
                      .finding(problem.parameterNames()));
              note(ExpectedCoverage.run(truth, draws, RANKED, seed.child("tarp")).finding());
            });
    return this;
  }

  /** Whether the posterior is right at its observation, and not on average alone. */
  Checks local(ConditionalDraws draws, int threads) {
    if (problem.observation().rows() == 1) {
      double[] observation = problem.observation().row(0);
      heldOut(material.config().localSimulations(), FEWEST_LOCAL)
          .map(
              truth ->
                  LocalC2st.run(truth, draws, observation, NULLS, threads, seed.child("local")))
          .ifPresent(this::note);
    }
    return this;
  }

  private Optional<JointDraws> heldOut(int most, int fewest) {
    return material
        .heldOut()
        .filter(truth -> Math.min(most, truth.size()) >= fewest)
        .map(truth -> truth.first(most));
  }

  /** Whether each observation is among what was simulated. */
  Checks misspecification() {
    Matrix observation = problem.observation();
    for (int i = 0; i < observation.rows() && material.simulated().rows() >= FEWEST; i++) {
      note(PredictiveCheck.misspecification(material.simulated(), observation.row(i)));
    }
    return this;
  }

  /** Whether draws of the posterior simulate data like the observation. */
  Checks predictive(Matrix draws, SimulationConfig config, int threads) {
    Simulations table = new Simulations(draws.columns(), problem.observation().columns());
    table.plan(1, draws);
    new SimulationRunner(problem.simulator(), threads, config)
        .run(table, seed.child("predict"), () -> true);
    Matrix predicted = table.used().data();
    judgement.figure("predictive_failure_rate", (double) table.failed() / draws.rows());
    for (int i = 0; i < problem.observation().rows() && predicted.rows() >= FEWEST_PREDICTED; i++) {
      note(PredictiveCheck.posterior(predicted, problem.observation().row(i)));
    }
    return this;
  }

  Diagnostics diagnostics() {
    return judgement.result();
  }

  List<Graph> graphs() {
    return List.copyOf(graphs);
  }

  /** Of several observations the worst counts. */
  private void note(Finding finding) {
    Optional<Double> earlier = judgement.figure(finding.name());
    if (earlier.isPresent() && earlier.get() <= finding.value()) {
      return;
    }
    judgement.figure(finding.name(), finding.value());
    judgement.found(finding.verdict(), finding.sentence());
    String name = finding.name().replace('_', '-');
    graphs.removeIf(graph -> graph.name().equals(name));
    finding.picture().ifPresent(picture -> graphs.add(graph(name, picture)));
  }

  private static Graph graph(String name, Picture picture) {
    List<Graph.Line> lines =
        picture.curves().stream()
            .map(c -> new Graph.Line(c.name(), Graph.Style.LINE, c.x(), c.y()))
            .toList();
    return new Graph(name, picture.title(), picture.xLabel(), picture.yLabel(), lines);
  }
}
