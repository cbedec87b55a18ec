package org.thalweg.sbi.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.inference.Prior;
import org.thalweg.api.inference.Simulator;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.infer.IndependentPrior;
import org.thalweg.toolkit.infer.Marginal;

/**
 * theta ~ N(0, I), x = theta + noise / 2, whose posterior N(0.8 x, 0.2 I) is known: checks by its
 * ratio to the prior pass for it, and not for one that is the prior, or another.
 */
class RatioCalibrationTest {
  private static final int D = 2;
  private static final Prior PRIOR = IndependentPrior.repeated("p", D, new Marginal.Normal(0, 1));
  private static final Simulator SIMULATOR =
      (theta, seed) -> {
        var random = seed.generator();
        return Arrays.stream(theta).map(t -> t + 0.5 * random.nextGaussian()).toArray();
      };
  private static final List<String> NAMES = List.of("a", "b");

  /** Looks at nothing, or at the parameters alone. */
  private static final LogRatio PRIORS_OWN = pairs((theta, x) -> 0);

  private static final LogRatio PARAMETERS_ALONE = pairs((theta, x) -> 0.3 * theta - 0.1);

  /** Of one dimension; dimensions are independent. */
  @FunctionalInterface
  private interface One {
    double of(double theta, double x);
  }

  private static LogRatio pairs(One one) {
    return (parameters, observations) ->
        IntStream.range(0, parameters.rows())
            .mapToDouble(
                i ->
                    IntStream.range(0, D)
                        .mapToDouble(d -> one.of(parameters.get(i, d), observations.get(i, d)))
                        .sum())
            .toArray();
  }

  /** Up to a function of x: the posterior widened and shifted by its own deviations. */
  private static LogRatio posterior(double width, double shift) {
    double deviation = Math.sqrt(0.2);
    return pairs(
        (theta, x) -> {
          double z = (theta - 0.8 * x - shift * deviation) / (width * deviation);
          return -0.5 * z * z + 0.5 * theta * theta;
        });
  }

  private static JointDraws truth(int n, Seed seed) {
    return JointDraws.of(PRIOR, SIMULATOR, n, seed);
  }

  private static RatioCalibration of(LogRatio ratio, int n, int others, long seed) {
    JointDraws truth = truth(n, new Seed(seed).child("truth"));
    Matrix fresh = PRIOR.sample(n * others, new Seed(seed).child("others"));
    return new RatioCalibration(truth, fresh, ratio, new Seed(seed));
  }

  private static Finding line(LogRatio ratio, int n, long seed) {
    JointDraws rows = truth(n, new Seed(seed).child("truth"));
    JointDraws training = truth(400, new Seed(seed).child("training"));
    return LinearKnowledge.run(rows, training, ratio, new Seed(seed)).finding();
  }

  /** p-values of the true ratio are uniform, though a truth has 20 others only. */
  @Test
  void falseAlarmsAreAsRareAsTheySay() {
    int seeds = 300;
    double[][] p = new double[3][seeds];
    for (int s = 0; s < seeds; s++) {
      RatioCalibration exact = of(posterior(1, 0), 60, 20, s);
      p[0][s] = exact.ranks().finding(NAMES).value();
      p[1][s] = exact.coverage().finding().value();
      p[2][s] = line(posterior(1, 0), 100, s).value();
    }
    for (int check = 0; check < 3; check++) {
      long alarms = Arrays.stream(p[check]).filter(v -> v < 0.01).count();
      // Of 300 three are expected; more than ten come once in two thousand times.
      assertTrue(alarms <= 10, "check " + check + ": " + alarms + " alarms");
    }
    // The smaller of two p-values, doubled, is no uniform number; nor is one of rows that share
    // their others, which are more even than independent ones.
    double mean = Arrays.stream(p[1]).average().orElseThrow();
    assertEquals(0.5, mean, 4 * Math.sqrt(1.0 / 12 / seeds));
  }

  /**
   * No false alarm for the true posterior in a hundred, and none missed that does not look: it
   * would take three standard errors above what is 0 at most.
   */
  @Test
  void informationIsSeenWhereThereIsAny() {
    for (int seed = 0; seed < 100; seed++) {
      JointDraws truth = truth(100, new Seed(seed).child("truth"));
      JointDraws training = truth(400, new Seed(seed).child("training"));
      Finding exact = Information.run(truth, training, posterior(1, 0)).finding();
      assertTrue(exact.passed(), exact.sentence());
      for (LogRatio nothing : List.of(PRIORS_OWN, PARAMETERS_ALONE)) {
        assertFalse(Information.run(truth, training, nothing).finding().passed());
      }
    }
  }

  /** Knowing something is not enough where a line through the data knows ten times as much. */
  @Test
  void aLineIsTheLeast() {
    LogRatio little = pairs((theta, x) -> 0.05 * theta * x);
    JointDraws truth = truth(200, new Seed(3).child("truth"));
    Information found = Information.run(truth, truth(400, new Seed(3).child("training")), little);
    assertTrue(found.mean() > 3 * found.standardError(), found.finding().sentence());
    assertFalse(found.finding().passed(), found.finding().sentence());
    assertEquals(0.5 * found.linear(), found.finding().threshold());
  }

  /**
   * The notes' loss of ten parameters and the true ratio is 1.0664, so that among ten the
   * information is log 10 - 1.0664; here it is averaged over a hundred groups of ten.
   */
  @Test
  void informationIsWhatTheLossLacks() {
    double sum = 0;
    double squares = 0;
    int groups = 1000;
    for (int g = 0; g < groups; g++) {
      JointDraws group = truth(10, new Seed(g).child("group"));
      double own = Information.run(group, group, posterior(1, 0)).mean();
      sum += own / groups;
      squares += own * own / groups;
    }
    double error = Math.sqrt((squares - sum * sum) / groups);
    assertEquals(Math.log(10) - 1.0664, sum, 4 * error);
    assertTrue(error < 0.01, "error " + error);
  }

  @Test
  void aPosteriorThatIsThePriorIsSeen() {
    for (long seed = 1; seed <= 5; seed++) {
      for (LogRatio nothing : List.of(PRIORS_OWN, PARAMETERS_ALONE)) {
        Finding found = line(nothing, 100, seed);
        assertFalse(found.passed(), found.sentence());
        assertTrue(found.sentence().contains("nearer to"), found.sentence());
      }
      // Its own parameters' ranks are those of the prior: uniform.
      assertTrue(of(PRIORS_OWN, 100, 100, seed).ranks().finding(NAMES).value() > 1e-3);
    }
  }

  @Test
  void ranksPassForTheTrueRatioOnly() {
    for (long seed = 1; seed <= 3; seed++) {
      Finding exact = of(posterior(1, 0), 300, 200, seed).ranks().finding(NAMES);
      assertTrue(exact.passed(), exact.sentence());
      Finding wide = of(posterior(1.5, 0), 300, 200, seed).ranks().finding(NAMES);
      assertTrue(!wide.passed() && wide.sentence().contains("too wide"), wide.sentence());
      Finding shifted = of(posterior(1, 0.5), 300, 200, seed).ranks().finding(NAMES);
      assertTrue(!shifted.passed() && shifted.sentence().contains("too large"), shifted.sentence());
      assertTrue(of(posterior(1, 0), 300, 200, seed).coverage().finding().passed());
      assertFalse(of(posterior(1.5, 0), 300, 200, seed).coverage().finding().passed());
      assertFalse(line(posterior(3, 0), 200, seed).passed());
    }
  }

  /** A ratio that is not a number, or none, is no crash and no knowledge. */
  @Test
  void aRatioThatIsNoNumber() {
    for (double bad : new double[] {Double.NaN, Double.NEGATIVE_INFINITY}) {
      JointDraws truth = truth(30, new Seed(1));
      Information found = Information.run(truth, truth, pairs((theta, x) -> bad));
      assertEquals(0, found.mean(), 1e-9);
      assertFalse(found.finding().passed());
    }
  }
}
