package org.thalweg.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.DataType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.thalweg.api.config.Choice;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.Checkpoints;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.inference.AmortisedPosterior;
import org.thalweg.api.inference.Inference;
import org.thalweg.api.inference.InferenceEvent;
import org.thalweg.api.inference.InferenceListener;
import org.thalweg.api.inference.InferenceOptions;
import org.thalweg.api.inference.InferenceProvider;
import org.thalweg.api.inference.Posterior;
import org.thalweg.api.inference.Problem;
import org.thalweg.api.inference.SimulatorProblem;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.config.ConfigBinder;
import org.thalweg.toolkit.model.CheckpointFile;
import org.thalweg.toolkit.model.PosteriorFile;

/**
 * What every inference method does, in single precision as users run it. Subjects name options
 * under which a method finds a normal posterior of two parameters from {@link #simulations}
 * simulations, or its target's.
 */
public abstract non-sealed class InferenceContract extends PluginContract {
  private static final int DRAWS = 4000;

  /**
   * How far the mean may be from the truth, in the posterior's standard deviations. The draws' own
   * error is 0.016; the rest is what a net of this budget leaves.
   */
  private static final double MEAN_TOLERANCE = 0.2;

  /** How far an entry of the covariance may be, in products of standard deviations. */
  private static final double COVARIANCE_TOLERANCE = 0.25;

  private static final InferenceListener SILENT = event -> {};

  private final Map<Choice, Posterior> normal = new HashMap<>();

  /** For subclasses. */
  protected InferenceContract() {}

  /** The budget where the result is judged. */
  protected int simulations() {
    return 2000;
  }

  /** The same method with options for a run that need not be good. */
  protected Choice hasty(Choice subject) {
    return subject;
  }

  @AfterAll
  void closePosteriors() {
    normal.values().forEach(Posterior::close);
    normal.clear();
  }

  private InferenceProvider<?> provider(Choice subject) {
    return registry().method(subject.name());
  }

  private boolean simulates(Choice subject) {
    return provider(subject).problemType() == SimulatorProblem.class;
  }

  private EstimatorContext context() {
    return new EstimatorContext(engine(DataType.FLOAT32), registry());
  }

  private static <C extends Record> Inference create(
      InferenceProvider<C> provider, Choice subject, EstimatorContext context) {
    return provider.create(ConfigBinder.bind(provider.defaults(), subject.options()), context);
  }

  private InferenceOptions options(Choice subject, int simulations, long seed, Checkpoints kept) {
    return new InferenceOptions(
        new Seed(seed),
        provider(subject).sequential() ? 2 : 1,
        simulates(subject) ? simulations : 0,
        Optional.empty(),
        kept);
  }

  private Posterior infer(Choice subject, Problem problem, InferenceOptions options) {
    return create(provider(subject), subject, context()).infer(problem, options, SILENT);
  }

  private Posterior hasty(Choice subject, long seed) {
    return infer(hasty(subject), question(subject).problem(), few(subject, seed, Checkpoints.NONE));
  }

  private InferenceOptions few(Choice subject, long seed, Checkpoints kept) {
    return options(subject, 200, seed, kept);
  }

  private Questions.Normal question(Choice subject) {
    return simulates(subject) ? Questions.simulated() : Questions.target();
  }

  /** Inferred once, as that takes time. */
  private Posterior normal(Choice subject) {
    return normal.computeIfAbsent(
        subject,
        key ->
            infer(
                subject,
                question(subject).problem(),
                options(subject, simulations(), 5, Checkpoints.NONE)));
  }

  private static double[] drawn(Posterior posterior, long seed) {
    return posterior.sample(50, new Seed(seed)).values();
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void aNormalPosteriorIsFound(Choice subject) {
    Posterior posterior = normal(subject);
    Questions.Normal truth = question(subject);
    assertNear(truth, posterior.sample(DRAWS, new Seed(21)));
    if (posterior instanceof AmortisedPosterior amortised) {
      double[] other = {-0.3, 0.8};
      assertEquals(2, amortised.observationSize());
      Matrix both = amortised.sample(DRAWS, Matrix.of(new double[] {1, -0.4}, other), new Seed(22));
      assertNear(truth, both.slice(0, DRAWS));
      assertNear(Questions.simulated(other), both.slice(DRAWS, 2 * DRAWS));
    }
  }

  private static void assertNear(Questions.Normal truth, Matrix draws) {
    assertEquals(DRAWS, draws.rows());
    assertEquals(truth.mean().length, draws.columns());
    int p = draws.columns();
    double[] mean = new double[p];
    for (int j = 0; j < p; j++) {
      mean[j] = Arrays.stream(draws.column(j)).average().orElseThrow();
      double away = (mean[j] - truth.mean()[j]) / Math.sqrt(truth.covariance()[j][j]);
      assertTrue(
          Math.abs(away) < MEAN_TOLERANCE, "mean of parameter " + j + " is off by s.d. " + away);
    }
    for (int j = 0; j < p; j++) {
      for (int k = 0; k <= j; k++) {
        double sum = 0;
        for (int i = 0; i < DRAWS; i++) {
          sum += (draws.get(i, j) - mean[j]) * (draws.get(i, k) - mean[k]);
        }
        double scale = Math.sqrt(truth.covariance()[j][j] * truth.covariance()[k][k]);
        double away = (sum / (DRAWS - 1) - truth.covariance()[j][k]) / scale;
        assertTrue(
            Math.abs(away) < COVARIANCE_TOLERANCE,
            "covariance of parameters %d and %d is off by %s".formatted(j, k, away));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void anExactLogDensityIsNormalised(Choice subject) {
    Posterior posterior = normal(subject);
    if (!posterior.logDensityRelation().equals(Optional.of(LogDensity.Relation.EXACT))) {
      return;
    }
    // A square of 10 s.d. around the truth holds all of it.
    Questions.Normal truth = question(subject);
    int n = 401;
    double[] points = new double[2 * n * n];
    double area = 1;
    for (int j = 0; j < 2; j++) {
      double half = 10 * Math.sqrt(truth.covariance()[j][j]);
      area *= 2 * half / (n - 1);
      for (int i = 0; i < n * n; i++) {
        int step = j == 0 ? i / n : i % n;
        points[2 * i + j] = truth.mean()[j] - half + 2 * half * step / (n - 1);
      }
    }
    double[] values = posterior.logDensity(new Matrix(n * n, 2, points));
    double integral = area * Arrays.stream(values).map(Math::exp).sum();
    assertEquals(1, integral, 5e-3);
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void noDrawLeavesTheSupport(Choice subject) {
    Problem problem = simulates(subject) ? Questions.bounded() : Questions.boundedTarget();
    double most = simulates(subject) ? 1 : Double.POSITIVE_INFINITY;
    InferenceOptions options = few(subject, 6, Checkpoints.NONE);
    try (Posterior posterior = infer(hasty(subject), problem, options)) {
      Matrix draws = posterior.sample(DRAWS, new Seed(23));
      for (int i = 0; i < draws.rows(); i++) {
        double first = draws.get(i, 0);
        double second = draws.get(i, 1);
        assertTrue(
            first >= 0 && first <= most && second >= 0 && second <= 1,
            "outside: " + first + ", " + second);
      }
      Numbers.assertFinite(draws.values(), "draws");
      if (posterior.logDensityRelation().isPresent()) {
        Matrix outside = Matrix.of(new double[] {-0.1, 0.5}, new double[] {0.5, 1.1});
        double none = Double.NEGATIVE_INFINITY;
        assertArrayEquals(new double[] {none, none}, posterior.logDensity(outside));
        for (double value : posterior.logDensity(draws.slice(0, 100))) {
          assertTrue(Double.isFinite(value), "log-density of a draw " + value);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void theSameSeedGivesTheSamePosterior(Choice subject) {
    try (Posterior first = hasty(subject, 5);
        Posterior again = hasty(subject, 5);
        Posterior other = hasty(subject, 6)) {
      assertArrayEquals(drawn(first, 1), drawn(again, 1));
      assertArrayEquals(drawn(first, 1), drawn(first, 1), "drawn twice");
      assertFalse(Arrays.equals(drawn(first, 1), drawn(first, 2)), "another seed of the draws");
      assertFalse(Arrays.equals(drawn(first, 1), drawn(other, 1)), "another seed");
      assertEquals(first.diagnostics(), again.diagnostics());
    }
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void aSavedPosteriorIsTheSame(Choice subject, @TempDir Path directory) {
    Path file = directory.resolve("posterior.thalweg");
    Problem problem = question(subject).problem();
    try (Posterior posterior = hasty(subject, 5)) {
      ModelCard card = card(hasty(subject), posterior);
      PosteriorFile.save(file, posterior, card, Optional.empty(), registry(), Map.of());
      try (Posterior loaded = PosteriorFile.load(file, problem, context())) {
        assertArrayEquals(drawn(posterior, 3), drawn(loaded, 3));
        assertEquals(posterior.diagnostics(), loaded.diagnostics());
        assertEquals(posterior.logDensityRelation(), loaded.logDensityRelation());
        if (posterior.logDensityRelation().isPresent()) {
          Matrix points = posterior.sample(20, new Seed(4));
          assertArrayEquals(posterior.logDensity(points), loaded.logDensity(points));
        }
      }
    }
  }

  private <C extends Record> ModelCard card(Choice subject, Posterior posterior) {
    Record config = ConfigBinder.bind(provider(subject).defaults(), subject.options());
    return PosteriorFile.card(
        subject.name(), config, posterior, List.of("x_1", "x_2"), new Seed(5), engineName());
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void anInterruptedInferenceGoesOn(Choice subject, @TempDir Path directory) {
    AtomicInteger simulations = new AtomicInteger();
    Problem problem =
        simulates(subject) ? Questions.counted(simulations) : question(subject).problem();
    Path file = directory.resolve("checkpoint");
    Inference inference = create(provider(subject), hasty(subject), context());
    AtomicBoolean training = new AtomicBoolean();
    InferenceListener stopping =
        new InferenceListener() {
          @Override
          public void on(InferenceEvent event) {
            training.compareAndSet(false, event instanceof InferenceEvent.Training);
          }

          @Override
          public boolean interrupted() {
            return training.get();
          }
        };
    ThalwegException stopped =
        assertThrows(
            ThalwegException.class,
            () -> inference.infer(problem, few(subject, 5, checkpoint(file, false)), stopping));
    assertEquals(ExitCode.INTERRUPTED, stopped.exitCode());
    try (Posterior whole = hasty(subject, 5);
        Posterior resumed =
            inference.infer(problem, few(subject, 5, checkpoint(file, true)), SILENT)) {
      assertArrayEquals(drawn(whole, 1), drawn(resumed, 1));
    }
    assertEquals(simulates(subject) ? 200 : 0, simulations.get(), "none is run twice");
  }

  private Checkpoints checkpoint(Path file, boolean resume) {
    return new CheckpointFile(file, resume, registry(), Registry.Kind.METHOD, Map::of);
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void aProblemOfAnotherKindIsRefused(Choice subject) {
    Problem other = (simulates(subject) ? Questions.target() : Questions.simulated()).problem();
    ThalwegException refusal =
        assertThrows(
            ThalwegException.class, () -> infer(subject, other, few(subject, 5, Checkpoints.NONE)));
    assertEquals(ExitCode.USAGE, refusal.exitCode());
    assertTrue(refusal.getMessage().contains(subject.name()), refusal.getMessage());
  }

  /** Nothing is concluded from an observation that the simulator cannot give, or from nothing. */
  @ParameterizedTest
  @MethodSource("subjects")
  void aMistakeInAProblemOfASimulatorIsRefused(Choice subject) {
    if (!simulates(subject)) {
      return;
    }
    assertRefused(subject, 200, "3", 0.5, 1, -0.4);
    assertRefused(subject, 200, "1", 1);
    assertRefused(subject, 200, "NaN", 1, Double.NaN);
    assertRefused(subject, 200, "Infinity", Double.POSITIVE_INFINITY, 1);
    assertRefused(subject, 0, "0 simulations", 1, -0.4);
  }

  private void assertRefused(Choice subject, int simulations, String quoted, double... seen) {
    InferenceOptions options = options(subject, simulations, 5, Checkpoints.NONE);
    ThalwegException refusal =
        assertThrows(
            ThalwegException.class,
            () -> infer(hasty(subject), Questions.observed(seen), options).close());
    assertEquals(ExitCode.USAGE, refusal.exitCode(), refusal.getMessage());
    assertTrue(refusal.getMessage().contains(quoted), refusal.getMessage());
  }
}
