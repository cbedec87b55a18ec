package org.thalweg.vi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.inference.Check;
import org.thalweg.api.inference.Diagnostics;
import org.thalweg.api.inference.Diagnostics.Verdict;
import org.thalweg.api.inference.InferenceEvent;
import org.thalweg.api.inference.InferenceListener;
import org.thalweg.api.inference.InferenceOptions;
import org.thalweg.api.inference.LogDensityProblem;
import org.thalweg.api.inference.ParameterBlock;
import org.thalweg.api.inference.Posterior;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.random.Seed;
import org.thalweg.api.transform.Support;
import org.thalweg.toolkit.infer.LogDensities;
import org.thalweg.toolkit.infer.ScoredSampler;
import org.thalweg.toolkit.model.CheckpointFile;
import org.thalweg.toolkit.train.Training;

class VariationalTest {
  private static final Map<String, Object> SHORT = Map.of("steps", 600, "draws", 128);

  /** A correlated normal far from the origin and in unlike units. */
  private static LogDensityProblem normal() {
    return Vi.model(
        "normal",
        List.of(ParameterBlock.real("a"), ParameterBlock.real("b")),
        values -> {
          NDArray a = values.get("a").sub(5000).div(300);
          NDArray b = values.get("b").div(0.01);
          return values.total(
              LogDensities.normal(a, 0, 1), LogDensities.normal(b.sub(a.mul(0.9)), 0, 0.5));
        });
  }

  /** log of the constants that its log joint lacks: the units. */
  private static final double EVIDENCE = Math.log(300 * 0.01);

  private static double mean(Matrix draws, int column) {
    double sum = 0;
    for (double x : draws.column(column)) {
      sum += x;
    }
    return sum / draws.rows();
  }

  private static double deviation(Matrix draws, int column) {
    double mean = mean(draws, column);
    double sum = 0;
    for (double x : draws.column(column)) {
      sum += (x - mean) * (x - mean);
    }
    return Math.sqrt(sum / draws.rows());
  }

  @Test
  void fullRankIsExactOnANormal() {
    try (Posterior posterior =
        Vi.infer(
            "advi", normal(), Map.of("covariance", "full-rank", "steps", 600, "draws", 128), 1)) {
      assertEquals(EVIDENCE, posterior.diagnostics().figures().get("elbo"), 0.01);
      assertEquals(Verdict.TRUST, posterior.diagnostics().verdict());
      assertEquals(0, posterior.diagnostics().figures().get("mass_left_out"), 1e-3);
      Matrix draws = posterior.sample(40_000, new Seed(2));
      // Five standard errors, and what training leaves.
      assertEquals(5000, mean(draws, 0), 300 * 0.04);
      assertEquals(300, deviation(draws, 0), 300 * 0.03);
      assertEquals(0.01 * Math.sqrt(0.81 + 0.25), deviation(draws, 1), 0.01 * 0.04);
    }
  }

  /** The best independent normals have the inverse diagonal of the precision as variances. */
  @Test
  void meanFieldIsTheBestOfItsFamily() {
    try (Posterior posterior = Vi.infer("advi", normal(), SHORT, 1)) {
      Matrix draws = posterior.sample(40_000, new Seed(2));
      double precisionA = 1 + 0.81 / 0.25;
      assertEquals(300 / Math.sqrt(precisionA), deviation(draws, 0), 300 * 0.02);
      assertEquals(0.01 * 0.5, deviation(draws, 1), 0.01 * 0.02);
      // KL of the independent normals: half the logarithm of the determinants' ratio.
      double gap = 0.5 * Math.log(precisionA);
      assertEquals(EVIDENCE - gap, posterior.diagnostics().figures().get("elbo"), 0.02);
    }
  }

  /** Beta(8, 4), whose mean, deviation and evidence are known, through the logit. */
  @Test
  void aFlowFitsABoundedParameter() {
    LogDensityProblem coin =
        Vi.model(
            "coin",
            List.of(new ParameterBlock("p", 1, new Support.Interval(0, 1))),
            values -> {
              NDArray p = values.get("p");
              return values.total(p.log().mul(7), p.neg().add(1).log().mul(3));
            });
    // 7! 3! / 11!
    double evidence = Math.log(5040.0 * 6 / 39916800);
    for (String method : List.of("vi-flow", "vi-planar", "vi-radial")) {
      try (Posterior posterior = Vi.infer(method, coin, SHORT, 3)) {
        Matrix draws = posterior.sample(20_000, new Seed(4));
        for (double p : draws.values()) {
          assertTrue(p > 0 && p < 1);
        }
        assertEquals(8.0 / 12, mean(draws, 0), 0.01, method);
        assertEquals(Math.sqrt(32.0 / 144 / 13), deviation(draws, 0), 0.01, method);
        assertEquals(evidence, posterior.diagnostics().figures().get("elbo"), 0.03, method);
        integratesToOne(posterior);
        var scored = ((ScoredSampler) posterior).sampleWithLogDensity(50, new Seed(4));
        assertArrayEquals(posterior.logDensity(scored.draws()), scored.logDensity(), 2e-3, method);
      }
    }
  }

  private static void integratesToOne(Posterior posterior) {
    int cells = 2000;
    Matrix grid = Matrix.zeros(cells, 1);
    for (int i = 0; i < cells; i++) {
      grid.values()[i] = (i + 0.5) / cells;
    }
    double mass = 0;
    for (double logDensity : posterior.logDensity(grid)) {
      mass += Math.exp(logDensity) / cells;
    }
    assertEquals(1, mass, 1e-3);
    double outside = posterior.logDensity(Matrix.of(new double[] {1.5}))[0];
    assertEquals(Double.NEGATIVE_INFINITY, outside);
  }

  @Test
  void theSameSeedGivesTheSameBits() {
    LogDensityProblem schools = Vi.target("one-school-centered");
    try (Posterior one = Vi.infer("vi-planar", schools, SHORT, 5);
        Posterior two = Vi.infer("vi-planar", schools, SHORT, 5)) {
      assertArrayEquals(
          one.sample(100, new Seed(6)).values(), two.sample(100, new Seed(6)).values());
      assertEquals(one.diagnostics(), two.diagnostics());
    }
  }

  /** The two estimates of the gradient have one maximum. */
  @Test
  void bothGradientsLeadToTheSame() {
    LogDensityProblem schools = Vi.target("eight-schools-noncentered");
    double[] bounds = new double[2];
    for (String gradient : List.of("total", "path")) {
      try (Posterior posterior =
          Vi.infer("advi", schools, Map.of("gradient", gradient, "steps", 1000), 7)) {
        bounds[gradient.equals("path") ? 1 : 0] = posterior.diagnostics().figures().get("elbo");
      }
    }
    assertEquals(bounds[0], bounds[1], 0.03);
    // The best mean-field bound lies below the evidence, and not far.
    assertTrue(bounds[1] < -31.311 && bounds[1] > -31.311 - 0.35, "bound " + bounds[1]);
  }

  @Test
  void annealingAndRestartsFindBothModes() {
    try (Posterior posterior =
        Vi.infer(
            "vi-flow",
            Vi.target("multimodal-1d"),
            Map.of("steps", 800, "annealing", 0.5, "restarts", 2),
            8)) {
      Matrix draws = posterior.sample(4000, new Seed(9));
      long right = Arrays.stream(draws.values()).filter(z -> z > 0).count();
      assertTrue(right > 1200 && right < 2800, right + " of 4000 draws are positive");
    }
  }

  /** With few steps one of two modes that are alike is lost: k-hat cannot see it, the walks do. */
  @Test
  void aLostModeIsSaid() {
    Map<String, Object> few = Map.of("steps", 60, "learning-rate", 0.005);
    int unseen = 0;
    for (int seed = 1; seed <= 3; seed++) {
      try (Posterior posterior = Vi.infer("vi-flow", Vi.target("multimodal-1d"), few, seed)) {
        double[] draws = posterior.sample(4000, new Seed(9)).values();
        long right = Arrays.stream(draws).filter(z -> z > 0).count();
        Diagnostics judged = posterior.diagnostics();
        if (Math.min(right, 4000 - right) < 40) {
          unseen += judged.figures().get("k_hat") < 0.7 ? 1 : 0;
          assertTrue(judged.verdict() != Verdict.TRUST, judged.toString());
          assertEquals(0.5, judged.figures().get("mass_left_out"), 0.05);
          String reason = judged.reasons().get(0);
          String other = right > 2000 ? "near (z = -0.7" : "near (z = 0.7";
          assertTrue(reason.contains(other) && reason.contains("annealing"), reason);
        } else {
          assertTrue(judged.figures().get("mass_left_out") < 0.01, judged.toString());
        }
      }
    }
    assertTrue(unseen > 0, "k-hat saw every mode that was lost, in three runs");
  }

  @Test
  void whetherTheBoundHadSettledIsSaid() {
    LogDensityProblem schools = Vi.target("eight-schools-noncentered");
    Map<String, Object> few = Map.of("steps", 60, "judge-every", 10);
    try (Posterior hasty = Vi.infer("advi", schools, few, 1);
        Posterior once = Vi.infer("advi", schools, Map.of("steps", 60), 1);
        Posterior settled = Vi.infer("advi", schools, Map.of("steps", 1500), 1)) {
      assertTrue(hasty.diagnostics().figures().get("bound_rise") > Settling.HARDLY);
      String reasons = hasty.diagnostics().reasons().toString();
      assertTrue(reasons.contains("The bound had not settled: it rose by"), reasons);
      reasons = once.diagnostics().reasons().toString();
      assertTrue(reasons.contains("Whether the bound had settled is not known"), reasons);
      assertTrue(settled.diagnostics().figures().get("bound_rise") < Settling.HARDLY);
      reasons = settled.diagnostics().reasons().toString();
      assertFalse(reasons.contains("settled"), reasons);
      assertEquals(Check.Outcome.FAILED, outcome(hasty, "bound_rise"));
      assertEquals(Check.Outcome.PASSED, outcome(settled, "bound_rise"));
      assertEquals(Check.Outcome.PASSED, outcome(settled, "k_hat"));
    }
  }

  private static Check.Outcome outcome(Posterior posterior, String name) {
    return posterior.diagnostics().checks().stream()
        .filter(check -> check.name().equals(name))
        .findFirst()
        .orElseThrow()
        .outcome();
  }

  /** The best bound so far, before the last tenth of the sum of step sizes and at the end. */
  @Test
  void theRiseIsThatOfTheBestBound() {
    List<double[]> history =
        List.of(
            new double[] {60, 0, -4},
            new double[] {80, 0, -3},
            new double[] {90, 0, -3.5},
            new double[] {100, 0, -2.75});
    Training.Schedule cosine = Training.Schedule.COSINE;
    Training.Schedule constant = Training.Schedule.CONSTANT;
    assertEquals(0.25, Settling.rise(history, 100, constant).orElseThrow());
    assertEquals(1.25, Settling.rise(history, 100, cosine).orElseThrow());
    assertEquals(0, Settling.rise(history.subList(1, 3), 90, constant).orElseThrow());
    assertTrue(Settling.rise(history.subList(1, 4), 100, cosine).isEmpty());
    double all = 0;
    double last = 0;
    for (int step = 0; step < 1000; step++) {
      double size = 1 + Math.cos(Math.PI * step / 1000);
      all += size;
      last += step >= 600 ? size : 0;
    }
    assertEquals(0.1, last / all, 0.005);
  }

  /** Of three trainings the second has no finite number: the others count. */
  @Test
  void oneStartThatDivergesIsLeftOut() {
    AtomicInteger started = new AtomicInteger();
    AtomicBoolean broken = new AtomicBoolean();
    LogDensityProblem problem =
        Vi.model(
            "moody",
            List.of(ParameterBlock.real("x")),
            values -> {
              NDArray density = LogDensities.normal(values.get("x"), 3, 1);
              return values.total(broken.get() ? density.mul(Double.NaN) : density);
            });
    List<InferenceEvent> heard = new ArrayList<>();
    InferenceListener listener =
        event -> {
          heard.add(event);
          if (event instanceof InferenceEvent.Training training) {
            boolean begins = training.event() instanceof FitEvent.Started;
            broken.compareAndSet(false, begins && started.incrementAndGet() == 2);
          } else {
            broken.set(false);
          }
        };
    Map<String, Object> thrice = Map.of("restarts", 3, "steps", 100);
    try (Posterior posterior = Vi.infer("advi", problem, thrice, Vi.options(1), listener)) {
      assertEquals(3, mean(posterior.sample(4000, new Seed(2)), 0), 0.3);
    }
    List<String> warned = new ArrayList<>();
    List<String> noted = new ArrayList<>();
    for (InferenceEvent event : heard) {
      if (event instanceof InferenceEvent.Warned warning) {
        warned.add(warning.message());
      } else if (event instanceof InferenceEvent.Noted note) {
        noted.add(note.message());
      }
    }
    assertEquals(1, warned.size(), warned.toString());
    assertTrue(warned.get(0).startsWith("Start 2 of 3 is left out."), warned.get(0));
    assertEquals(2, noted.size(), noted.toString());
    assertTrue(noted.get(1).startsWith("Start 3 of 3: lower bound "), noted.get(1));
  }

  /** Stopped in the second of three trainings. */
  @Test
  void anInferenceWithRestartsGoesOnToTheSameBits(@TempDir java.nio.file.Path directory) {
    Map<String, Object> thrice = Map.of("restarts", 3, "steps", 60, "judge-every", 20);
    LogDensityProblem schools = Vi.target("one-school-centered");
    AtomicInteger steps = new AtomicInteger();
    AtomicInteger trainings = new AtomicInteger();
    InferenceListener stopping =
        new InferenceListener() {
          @Override
          public void on(InferenceEvent event) {
            if (event instanceof InferenceEvent.Training training) {
              trainings.addAndGet(training.event() instanceof FitEvent.Started ? 1 : 0);
              steps.addAndGet(training.event() instanceof FitEvent.Stepped ? 1 : 0);
            }
          }

          @Override
          public boolean interrupted() {
            return steps.get() == 60 + 33;
          }
        };
    java.nio.file.Path file = directory.resolve("checkpoint");
    var stopped =
        assertThrows(
            ThalwegException.class,
            () -> Vi.infer("vi-planar", schools, thrice, kept(file, false), stopping));
    assertEquals(ExitCode.INTERRUPTED, stopped.exitCode());
    assertTrue(stopped.getMessage().contains("a checkpoint was kept"), stopped.getMessage());
    assertEquals(2, trainings.get());
    InferenceListener counting =
        event -> {
          if (event instanceof InferenceEvent.Training training) {
            trainings.addAndGet(training.event() instanceof FitEvent.Started ? 1 : 0);
            steps.addAndGet(training.event() instanceof FitEvent.Stepped ? 1 : 0);
          }
        };
    try (Posterior whole = Vi.infer("vi-planar", schools, thrice, 5);
        Posterior resumed = Vi.infer("vi-planar", schools, thrice, kept(file, true), counting)) {
      assertEquals(3 * 60, steps.get(), "no step is taken twice");
      assertArrayEquals(
          whole.sample(100, new Seed(6)).values(), resumed.sample(100, new Seed(6)).values());
      assertEquals(whole.diagnostics(), resumed.diagnostics());
    }
  }

  private static InferenceOptions kept(java.nio.file.Path file, boolean resume) {
    return new InferenceOptions(
        new Seed(5),
        1,
        0,
        Optional.empty(),
        new CheckpointFile(file, resume, Vi.REGISTRY, Registry.Kind.METHOD, Map::of));
  }

  /** Flows of other plugins that draw in one pass, for a few steps each. */
  @ParameterizedTest
  @ValueSource(strings = {"realnvp", "nsf-coupling", "maf"})
  void registeredFlowsLearn(String flow) {
    Map<String, Object> set = new TreeMap<>(Map.of("flow", flow, "judge-every", 10));
    set.putAll(Map.of("flow.layers", 3, "flow.hidden", 16, "learning-rate", 0.01));
    if (flow.equals("maf")) {
      set.put("flow.fast", "sampling");
    }
    double[] bounds = new double[2];
    for (int i = 0; i < 2; i++) {
      set.put("steps", i == 0 ? 1 : 150);
      try (Posterior posterior = Vi.infer("vi-flow", Vi.target("banana"), set, 1)) {
        bounds[i] = posterior.diagnostics().figures().get("elbo");
      }
    }
    // The banana is normalised: its log evidence is 0.
    assertTrue(bounds[1] > bounds[0] + 0.05, flow + " from " + bounds[0] + " to " + bounds[1]);
    assertTrue(bounds[1] > -0.3 && bounds[1] < 0.05, flow + " reached " + bounds[1]);
  }

  @Test
  void sequentialFlowsAreRefused() {
    var refused =
        assertThrows(
            ThalwegException.class,
            () -> Vi.infer("vi-flow", Vi.target("banana"), Map.of("flow", "maf", "steps", 10), 1));
    assertTrue(refused.getMessage().contains("'fast' to 'sampling'"), refused.getMessage());
    refused =
        assertThrows(
            ThalwegException.class,
            () ->
                Vi.infer(
                    "vi-planar", Vi.target("banana"), Map.of("gradient", "path", "steps", 10), 1));
    assertTrue(refused.getMessage().contains("gradient=total"), refused.getMessage());
  }
}
