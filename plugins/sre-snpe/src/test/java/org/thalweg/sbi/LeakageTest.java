package org.thalweg.sbi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.density.Binding;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.inference.Diagnostics;
import org.thalweg.api.inference.Diagnostics.Verdict;
import org.thalweg.api.random.Seed;
import org.thalweg.sbi.sampler.SamplerConfig;

/** A density with mass outside the support: invisible to the loss, and measured by the sampler. */
class LeakageTest {
  private static final int N = 40;
  private static final int K = 8;
  private static final double S = 0.4;
  private static final Matrix SEEN = Matrix.of(new double[] {0.3});

  private static Matrix data(Matrix parameters) {
    var random = new Seed(4).generator();
    Matrix out = Matrix.zeros(parameters.rows(), 1);
    Arrays.setAll(out.values(), i -> parameters.values()[i] + S * random.nextGaussian());
    return out;
  }

  /** The atomic loss of q is that of the likelihood itself, however much of q is outside. */
  @ParameterizedTest
  @ValueSource(doubles = {1, 0.5, 1e-3, 1e-12})
  void theLossIsTheSameForEveryShare(double share) {
    Matrix parameters = Leaking.PRIOR.sample(N, new Seed(3));
    Matrix data = data(parameters);
    Table table = Leaking.table(parameters, data);
    Leaking leaking = new Leaking(share, S, Sbi.DOUBLE);
    var objective =
        new ContrastiveObjective(
            Sbi.DOUBLE,
            leaking.learnt().net(),
            table,
            table,
            new Seed(1),
            K,
            ContrastiveObjective.Score.POSTERIOR_OVER_PRIOR,
            ContrastiveObjective.Classes.SET,
            0);
    int[] rows = IntStream.range(0, N).toArray();
    try (Tape tape = Sbi.DOUBLE.newTape(Tape.Mode.EVALUATE)) {
      Binding binding = Binding.evaluate(tape);
      NDArray loss = objective.loss(binding, table, rows, rows, 0);
      int[] sets = ContrastiveObjective.sets(rows, rows, 0, K, binding.seed().child("atoms"));
      double expected = 0;
      for (int i = 0; i < N; i++) {
        double sum = 0;
        for (int j = 0; j < K; j++) {
          double theta = parameters.get(sets[i * K + j], 0);
          sum += Math.exp(leaking.logLikelihood(theta, data.get(i, 0)));
        }
        double own = leaking.logLikelihood(parameters.get(i, 0), data.get(i, 0));
        expected += (Math.log(sum) - own) / N;
      }
      assertEquals(expected, Sbi.DOUBLE.hostView(loss).toDoubles()[0], 1e-9);
      assertTrue(expected < 0.9 * Math.log(K), "the loss " + expected + " tells nothing");
    }
  }

  private static PosteriorSampler.Drawn drawn(Leaking leaking, SamplerConfig.Kind kind, int n) {
    SamplerConfig config = new SamplerConfig(kind, 100, 20, 1, 5000, 16);
    return new PosteriorSampler(leaking.learnt(), config).draw(n, SEEN, 1, new Seed(5));
  }

  /** Of a normal distribution cut at 1 and -1, by Simpson's rule. */
  private static double[] moments(Leaking leaking) {
    double[] sums = new double[3];
    int cells = 20_000;
    for (int i = 0; i <= cells; i++) {
      double theta = -1 + 2.0 * i / cells;
      int weight = i == 0 || i == cells ? 1 : i % 2 == 1 ? 4 : 2;
      double p = weight * Math.exp(leaking.logLikelihood(theta, SEEN.get(0, 0)));
      sums[0] += p;
      sums[1] += p * theta;
      sums[2] += p * theta * theta;
    }
    double mean = sums[1] / sums[0];
    return new double[] {mean, Math.sqrt(sums[2] / sums[0] - mean * mean)};
  }

  /**
   * Draws are the posterior's.
   *
   * @param worth independent draws that they are worth at least
   */
  private static void posterior(Leaking leaking, Matrix draws, double worth) {
    double[] of = moments(leaking);
    double error = of[1] / Math.sqrt(worth);
    assertTrue(Arrays.stream(draws.values()).allMatch(v -> Math.abs(v) < 1));
    assertEquals(of[0], Sbi.mean(draws, 0), 4 * error);
    assertEquals(of[1], Math.sqrt(Sbi.covariance(draws, 0, 0)), 4 * error);
  }

  /** What is kept is the share inside, and the density is divided by it. */
  @ParameterizedTest
  @ValueSource(doubles = {1, 0.5, 0.05})
  void theAcceptanceIsTheShareInside(double share) {
    Leaking leaking = new Leaking(share, S, Sbi.ENGINE);
    int n = 2000;
    PosteriorSampler.Drawn drawn = drawn(leaking, SamplerConfig.Kind.DIRECT, n);
    Diagnostics found = drawn.judgement().result();
    // At least n / share draws were made.
    double error = Math.sqrt(share * (1 - share) / (n / share));
    assertEquals(share, found.figures().get("acceptance"), 4 * error + 1e-12);
    assertEquals(Verdict.TRUST, found.verdict());
    posterior(leaking, drawn.parameters(), n);
    double[] mass = new PosteriorSampler(leaking.learnt(), SamplerConfig.DEFAULT).logMass(SEEN, 1);
    assertEquals(share, Math.exp(mass[0]), 4 * Math.sqrt(share * (1 - share) / 10_000) + 1e-12);
  }

  /** Below one in a hundred, chains inside the support draw the same. */
  @Test
  void littleMassInsideMeansChains() {
    Leaking leaking = new Leaking(0.002, S, Sbi.ENGINE);
    PosteriorSampler.Drawn drawn = drawn(leaking, SamplerConfig.Kind.AUTO, 2000);
    Diagnostics found = drawn.judgement().result();
    assertTrue(found.figures().get("acceptance") < 0.01, found.toString());
    assertEquals(Verdict.DOUBTFUL, found.verdict());
    assertTrue(found.reasons().get(0).contains("so chains inside it were used"), found.toString());
    assertEquals(1, found.perParameter().get("r_hat").size());
    posterior(leaking, drawn.parameters(), found.figures().get("ess"));
  }

  /** Rejection from the prior gives up where the posterior is too narrow for it. */
  @Test
  void rejectionFallsBackToChains() {
    Leaking wide = new Leaking(1, S, Sbi.ENGINE);
    PosteriorSampler.Drawn kept = drawn(wide, SamplerConfig.Kind.REJECTION, 1000);
    assertEquals(Verdict.TRUST, kept.judgement().result().verdict());
    posterior(wide, kept.parameters(), 1000);
    Leaking narrow = new Leaking(1, 0.002, Sbi.ENGINE);
    PosteriorSampler.Drawn drawn = drawn(narrow, SamplerConfig.Kind.REJECTION, 1000);
    Diagnostics found = drawn.judgement().result();
    assertTrue(found.figures().get("acceptance") < 0.01, found.toString());
    assertEquals(Verdict.DOUBTFUL, found.verdict());
    assertTrue(found.reasons().get(0).contains("so chains were used instead"), found.toString());
    posterior(narrow, drawn.parameters(), found.figures().get("ess"));
  }
}
