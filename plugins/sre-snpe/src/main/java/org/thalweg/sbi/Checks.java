package org.thalweg.sbi;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.inference.Check;
import org.thalweg.api.inference.Diagnostics;
import org.thalweg.api.inference.Diagnostics.Verdict;
import org.thalweg.api.inference.Graph;
import org.thalweg.api.inference.SimulatorProblem;
import org.thalweg.api.random.Seed;
import org.thalweg.sbi.calibration.ConditionalDraws;
import org.thalweg.sbi.calibration.ExpectedCoverage;
import org.thalweg.sbi.calibration.Finding;
import org.thalweg.sbi.calibration.Information;
import org.thalweg.sbi.calibration.JointDraws;
import org.thalweg.sbi.calibration.LinearKnowledge;
import org.thalweg.sbi.calibration.LocalC2st;
import org.thalweg.sbi.calibration.LogRatio;
import org.thalweg.sbi.calibration.Picture;
import org.thalweg.sbi.calibration.PredictiveCheck;
import org.thalweg.sbi.calibration.RatioCalibration;
import org.thalweg.sbi.calibration.SimulationBasedCalibration;
import org.thalweg.sbi.run.SimulationConfig;
import org.thalweg.sbi.run.SimulationRunner;
import org.thalweg.sbi.run.Simulations;

/**
 * What can be checked of a posterior at little cost: what it knows and whether it is calibrated,
 * over simulations that no gradient saw; whether the observation is among what was simulated; and
 * whether the posterior's draws simulate data like it. What was not checked is listed with them.
 */
final class Checks {
  static final String SBC = "sbc_p";
  static final String TARP = "tarp_p";
  private static final String REGRESSION = "regression_p";
  static final String LOCAL = "local_c2st_p";
  private static final String INFORMATION = "information";
  private static final String MISSPECIFICATION = "misspecification_p";
  private static final String PREDICTIVE = "predictive_p";
  private static final String PREDICTIVE_FAILURES = "predictive_failure_rate";

  /** Draws of each posterior that a truth is ranked among. */
  private static final int RANKED = 100;

  /** Draws of the prior that a truth is ranked among by their weights. */
  private static final int WEIGHED = 200;

  /** Fewer simulations than these, a tenth of ten thousand or nearly so, tell nothing local. */
  private static final int FEWEST_LOCAL = 900;

  /** Classifiers that chance is measured by: the least p-value is 1/40. */
  private static final int NULLS = 39;

  /** The simulations that an observation is compared with, where these are enough. */
  private static final int COMPARED = 1000;

  private final SimulatorProblem problem;
  private final CheckMaterial material;
  private final Seed seed;
  private final Judgement judgement = new Judgement();
  private final List<Graph> graphs = new ArrayList<>();

  Checks(SimulatorProblem problem, CheckMaterial material, Seed seed) {
    this.problem = problem;
    this.material = material;
    this.seed = seed;
  }

  /** Whether so many simulations failed that the answer is another than was asked for. */
  Checks failures(Diagnostics training) {
    Optional.ofNullable(training.figures().get("failure_rate"))
        .ifPresent(
            rate ->
                judgement.check(
                    Check.atMost(
                        "failure_rate",
                        rate,
                        Failures.FEW,
                        "%.1f %% of simulations failed.".formatted(100 * rate))));
    return this;
  }

  /** Whether the posterior knows more than the prior, and what a line through the data knows. */
  Checks knowledge(LogRatio ratio) {
    if (calibrated(material.scored(), INFORMATION, REGRESSION)) {
      JointDraws rows = material.scored().orElseThrow();
      JointDraws others = material.fitted().orElse(rows);
      note(Information.run(rows, others, ratio).finding());
      note(LinearKnowledge.run(rows, others, ratio, seed.child("line")).finding());
    }
    return this;
  }

  /** Calibration over what no gradient saw, by draws. */
  Checks calibration(ConditionalDraws draws) {
    if (calibrated(material.heldOut(), SBC, TARP)) {
      JointDraws truth = calibrationRows();
      note(
          SimulationBasedCalibration.run(truth, draws, RANKED, seed.child("sbc"))
              .finding(problem.parameterNames()));
      note(ExpectedCoverage.run(truth, draws, RANKED, seed.child("tarp")).finding());
    }
    return this;
  }

  /** The same by the ratio alone, for what only chains could draw from. */
  Checks calibration(LogRatio ratio) {
    if (calibrated(material.heldOut(), SBC, TARP)) {
      RatioCalibration weighed = weighed(ratio);
      note(weighed.ranks().finding(problem.parameterNames()));
      note(weighed.coverage().finding());
    }
    return this;
  }

  private RatioCalibration weighed(LogRatio ratio) {
    JointDraws truth = calibrationRows();
    Matrix others = problem.prior().sample(truth.size() * WEIGHED, seed.child("others"));
    return new RatioCalibration(truth, others, ratio, seed.child("weighed"));
  }

  private JointDraws calibrationRows() {
    return material.heldOut().orElseThrow().first(material.config().calibrationSimulations());
  }

  /** Whether there is enough to measure on; else it is noted that nothing was. */
  private boolean calibrated(Optional<JointDraws> rows, String... names) {
    if (material.interrupted().getAsBoolean()) {
      return not(names, "Interrupted.");
    }
    if (material.config().calibrationSimulations() < CheckMaterial.FEWEST) {
      return not(
          names,
          "calibration-simulations is %d; %d are needed.",
          material.config().calibrationSimulations(),
          CheckMaterial.FEWEST);
    }
    return rows.isPresent()
        || not(names, "Fewer than %d simulations were kept from training.", CheckMaterial.FEWEST);
  }

  /** Notes checks that are not made. */
  boolean not(String[] names, String why, Object... values) {
    for (String name : names) {
      judgement.notMade(name, why, values);
    }
    return false;
  }

  /** Whether the posterior is right at its observation, and not on average alone. */
  Checks local(ConditionalDraws draws, int threads) {
    int most = material.config().localSimulations();
    int held = Math.min(most, material.heldOut().map(JointDraws::size).orElse(0));
    int observations = problem.observation().rows();
    if (material.interrupted().getAsBoolean()) {
      judgement.notMade(LOCAL, "Interrupted.");
    } else if (observations > 1) {
      judgement.notMade(LOCAL, "It is for one observation, and there are %d.", observations);
    } else if (most < FEWEST_LOCAL) {
      judgement.notMade(LOCAL, "local-simulations is %d; %d are needed.", most, FEWEST_LOCAL);
    } else if (held < FEWEST_LOCAL) {
      judgement.notMade(
          LOCAL,
          "%d simulations of the prior were kept from training; %d are needed.",
          held,
          FEWEST_LOCAL);
    } else {
      note(
          LocalC2st.run(
              material.heldOut().orElseThrow().first(most),
              draws,
              problem.observation().row(0),
              NULLS,
              threads,
              seed.child("local")));
    }
    return this;
  }

  /** Whether each observation is among what was simulated. */
  Checks misspecification() {
    int observations = problem.observation().rows();
    int needed = PredictiveCheck.fewest(observations);
    Matrix simulated = material.simulated();
    if (simulated.rows() < needed) {
      judgement.notMade(
          MISSPECIFICATION,
          "The first round has %d simulations; %d are needed for %d observations.",
          simulated.rows(),
          needed,
          observations);
    } else {
      int compared = Math.min(simulated.rows(), Math.max(COMPARED, needed));
      note(PredictiveCheck.misspecification(simulated.slice(0, compared), problem.observation()));
    }
    return this;
  }

  /** How many draws of the posterior are simulated: as many as were asked for, or are needed. */
  int predicted() {
    int asked = material.config().predictiveSimulations();
    return asked == 0 ? 0 : Math.max(asked, PredictiveCheck.fewest(problem.observation().rows()));
  }

  /** That no draws of the posterior are to be simulated. */
  Checks notPredicted() {
    not(
        new String[] {PREDICTIVE_FAILURES, PREDICTIVE},
        material.config().predictiveSimulations() == 0
            ? "predictive-simulations is 0."
            : "Interrupted.");
    return this;
  }

  /**
   * Whether draws of the posterior simulate data like the observation. A simulator that fails or
   * hangs there says something about the posterior, and is no reason to lose it.
   */
  Checks predictive(Matrix draws, SimulationConfig config, int threads) {
    Simulations table = new Simulations(draws.columns(), problem.observation().columns());
    table.plan(1, draws);
    Optional<String> givenUp = Optional.empty();
    try {
      new SimulationRunner(problem.simulator(), threads, config)
          .run(table, seed.child("predict"), () -> !material.interrupted().getAsBoolean());
    } catch (ThalwegException e) {
      if (e.exitCode() == ExitCode.INTERRUPTED) {
        throw e;
      }
      givenUp = Optional.of(e.getMessage());
    }
    if (material.interrupted().getAsBoolean()) {
      return notPredicted();
    }
    int run = table.size() - table.pending().length;
    predictiveFailures(table, run, config.maxFailures());
    givenUp.ifPresent(
        why -> judgement.reject("Simulating the posterior's draws was given up: %s", why));
    Matrix predicted = table.used().data();
    int observations = problem.observation().rows();
    int needed = PredictiveCheck.fewest(observations);
    if (predicted.rows() < needed) {
      judgement.notMade(
          PREDICTIVE,
          "%d of %d simulations of the posterior's draws can be used; %d are needed for %d"
              + " observations.",
          predicted.rows(),
          run,
          needed,
          observations);
    } else {
      note(PredictiveCheck.posterior(predicted, problem.observation()));
    }
    return this;
  }

  private void predictiveFailures(Simulations table, int run, double maxFailures) {
    double rate = run == 0 ? 1 : (double) table.failed() / run;
    String how = table.failed() == 0 ? "" : " (" + Failures.describe(table) + ")";
    judgement.check(
        Check.atMost(
            PREDICTIVE_FAILURES,
            rate,
            Failures.FEW,
            "Of %d draws of the posterior %d could not be simulated%s."
                .formatted(run, table.failed(), how)),
        rate > maxFailures ? Verdict.DO_NOT_USE : Verdict.DOUBTFUL);
  }

  Diagnostics diagnostics() {
    return judgement.result();
  }

  List<Graph> graphs() {
    return List.copyOf(graphs);
  }

  private void note(Finding finding) {
    judgement.check(
        Check.atLeast(finding.name(), finding.value(), finding.threshold(), finding.sentence()),
        finding.verdict());
    String name = finding.name().replace('_', '-');
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
