package org.thalweg.toolkit.infer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.random.Seed;

class PsisTest {
  static Stream<String[]> weightSets() {
    return Golden.rows("psis.csv");
  }

  @ParameterizedTest(name = "{1} {2}, {3} draws")
  @MethodSource("weightSets")
  void agreesWithArviz(
      String version,
      String kind,
      double parameter,
      int draws,
      long seed,
      double k,
      double ess,
      double largest,
      double mean) {
    Golden golden = new Golden(seed);
    double[] ratios = new double[draws];
    for (int i = 0; i < draws; i++) {
      ratios[i] = ratio(kind, parameter, golden);
    }
    Psis psis = Psis.of(ratios);
    assertEquals(k, psis.kHat(), 1e-6, "ArviZ " + version);
    assertEquals(ess, psis.effectiveSampleSize(), 1e-6 * ess);
    assertEquals(largest, Arrays.stream(psis.logWeights()).max().orElseThrow(), 1e-8);
    assertEquals(
        mean, psis.mean(new Matrix(draws, 1, ratios))[0], 1e-8 * Math.max(1, Math.abs(mean)));
  }

  private static double ratio(String kind, double parameter, Golden golden) {
    return switch (kind) {
      case "normal" -> parameter * golden.normal();
      case "bounded" -> parameter * Math.log(golden.uniform());
      case "exponential" -> Math.log(-parameter * Math.log(golden.uniform()));
      case "pareto" -> -parameter * Math.log(golden.uniform());
      case "rounded" -> Math.floor(-parameter * Math.log(golden.uniform()) * 100 + 0.5) / 100;
      default -> throw new IllegalArgumentException(kind);
    };
  }

  /** N(0, 1) seen through N(0.3, 1.2^2): the ratio is bounded, and everything is known. */
  private static final int DRAWS = 20_000;

  private static Matrix approximate() {
    SplittableRandom random = new SplittableRandom(3);
    double[] draws = new double[DRAWS];
    Arrays.setAll(draws, i -> 0.3 + 1.2 * random.nextGaussian());
    return new Matrix(DRAWS, 1, draws);
  }

  private static Psis weighed(Matrix draws) {
    double[] ratios = new double[DRAWS];
    for (int i = 0; i < DRAWS; i++) {
      double x = draws.get(i, 0);
      double z = (x - 0.3) / 1.2;
      // log N(x; 0, 1) - log N(x; 0.3, 1.44), times an evidence of e^-7.
      ratios[i] = -0.5 * x * x + 0.5 * z * z + Math.log(1.2) - 7;
    }
    return Psis.of(ratios);
  }

  @Test
  void correctsMomentsAndGivesTheEvidence() {
    Matrix draws = approximate();
    Psis psis = weighed(draws);
    assertTrue(psis.reliable(), "k-hat " + psis.kHat());
    // Standard errors from the effective sample size, about 18,000: 0.0075 and 0.0053.
    assertEquals(0, psis.mean(draws)[0], 0.03);
    assertEquals(1, psis.standardDeviation(draws)[0], 0.02);
    assertEquals(-7, psis.logMeanRatio(), 0.01);
    assertEquals(1, Arrays.stream(psis.weights()).sum(), 1e-12);
  }

  @Test
  void resampledDrawsAreTheTargets() {
    Matrix draws = approximate();
    Matrix resampled = weighed(draws).resample(draws, 10_000, new Seed(1));
    double[] values = resampled.column(0);
    assertEquals(0, Spread.mean(values), 0.05);
    assertEquals(1, Spread.variance(values), 0.07);
    assertArrayEquals(
        values, weighed(draws).resample(draws, 10_000, new Seed(1)).column(0), "same seed");
    assertFalse(
        Arrays.equals(values, weighed(draws).resample(draws, 10_000, new Seed(2)).column(0)));
  }

  @Test
  void drawsWithoutMassAreNeverChosen() {
    double[] ratios = new double[100];
    Arrays.setAll(ratios, i -> i % 3 == 0 ? Double.NEGATIVE_INFINITY : 0.01 * i);
    double[] marks = new double[100];
    Arrays.setAll(marks, i -> i % 3);
    Psis psis = Psis.of(ratios);
    Matrix drawn = psis.resample(new Matrix(100, 1, marks), 5000, new Seed(4));
    assertTrue(Arrays.stream(drawn.values()).allMatch(v -> v > 0));
    assertEquals(0, psis.weights()[0]);
  }

  @Test
  void theLimitDependsOnTheNumberOfDraws() {
    assertEquals(0.5, Psis.limit(100), 1e-12);
    assertEquals(2.0 / 3, Psis.limit(1000), 1e-12);
    assertEquals(0.7, Psis.limit(1_000_000), 1e-12);
  }

  @Test
  void equalWeightsHaveNoTailAndFewCannotBeJudged() {
    assertEquals(0, Psis.of(new double[500]).kHat());
    assertEquals(500, Psis.of(new double[500]).effectiveSampleSize(), 1e-9);
    Psis few = Psis.of(new double[] {1, 2, 3, 4, 5, 6});
    assertEquals(Double.POSITIVE_INFINITY, few.kHat());
    assertFalse(few.reliable());
  }

  @Test
  void whatCannotBeWeighedIsRefused() {
    double[] ratios = new double[50];
    ratios[7] = Double.NaN;
    ratios[8] = Double.POSITIVE_INFINITY;
    refused("2 of 50 importance ratios", () -> Psis.of(ratios));
    double[] empty = new double[50];
    Arrays.fill(empty, Double.NEGATIVE_INFINITY);
    refused("no mass at any of 50 draws", () -> Psis.of(empty));
    SplittableRandom random = new SplittableRandom(5);
    double[] heavy = random.doubles(1000).map(u -> -2 * Math.log(u)).toArray();
    Psis hopeless = Psis.of(heavy);
    refused("k-hat of", () -> hopeless.resample(Matrix.zeros(1000, 1), 10, new Seed(1)));
  }

  private static void refused(String part, Runnable work) {
    ThalwegException refusal = assertThrows(ThalwegException.class, work::run);
    assertEquals(ExitCode.DATA, refusal.exitCode());
    assertTrue(refusal.getMessage().contains(part), refusal.getMessage());
  }
}
