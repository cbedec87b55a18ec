package org.thalweg.sbi.calibration;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.inference.Diagnostics.Verdict;
import org.thalweg.api.random.Seed;

/**
 * Tests of accuracy with random points (TARP; Lemos et al. 2023): the share of draws that are
 * nearer to a random point than the truth is uniform. It looks at all parameters together.
 *
 * @param uniform the shares, spread out over their steps; the ball about the random point that
 *     reaches to the truth holds as much of the posterior
 */
public record ExpectedCoverage(double[] uniform) {
  /**
   * Measures the shares. The random point of a simulation is the parameters of the next one, a draw
   * of the prior that is independent of its data. Distances are in standard deviations of the
   * prior.
   *
   * @param perObservation K, a hundred or more
   */
  public static ExpectedCoverage run(
      JointDraws truth, ConditionalDraws draws, int perObservation, Seed seed) {
    Matrix sampled = draws.sample(perObservation, truth.observations(), seed.child("draws"));
    RandomGenerator random = seed.child("ties").generator();
    Matrix parameters = truth.parameters();
    double[] scale = Scales.deviations(parameters);
    double[] out = new double[truth.size()];
    for (int i = 0; i < out.length; i++) {
      int point = (i + 1) % out.length;
      double own = Scales.squaredDistance(parameters, i, parameters, point, scale);
      int nearer = 0;
      for (int k = 0; k < perObservation; k++) {
        int row = i * perObservation + k;
        if (Scales.squaredDistance(sampled, row, parameters, point, scale) < own) {
          nearer++;
        }
      }
      out[i] = Ranks.uniform(nearer, perObservation, random.nextDouble());
    }
    return new ExpectedCoverage(out);
  }

  /** Whether they are uniform. */
  public Finding finding() {
    Uniformity test = Uniformity.of(uniform);
    boolean fails = test.p() < Ranks.THRESHOLD;
    Verdict verdict =
        !fails
            ? Verdict.TRUST
            : test.deviation() > Ranks.USELESS ? Verdict.DO_NOT_USE : Verdict.DOUBTFUL;
    String sentence =
        fails
            ? String.format(
                Locale.ROOT,
                "Expected coverage fails (p = %.1e): regions of some credibility hold the truth more"
                    + " or less often than they say, by up to %.2f.",
                test.p(),
                test.deviation())
            : String.format(
                Locale.ROOT,
                "Expected coverage passes over %d simulations (p = %.2f).",
                uniform.length,
                test.p());
    Picture picture =
        new Picture(
            "Expected coverage (TARP)",
            "credibility",
            "share of simulations whose truth is inside",
            List.of(Ranks.diagonal(), Ranks.distribution("measured", uniform)));
    return new Finding(
        "tarp_p", test.p(), Ranks.THRESHOLD, verdict, sentence, Optional.of(picture));
  }
}
