package org.thalweg.sbi.calibration;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.inference.Diagnostics.Verdict;
import org.thalweg.api.random.Seed;
import org.thalweg.sbi.calibration.Picture.Curve;

/**
 * Simulation-based calibration (Talts et al. 2018): over data from the prior, the rank of the true
 * parameter among independent draws of its posterior is uniform, for each parameter. It sees
 * posteriors that are too wide, too narrow or shifted; it does not see one that is the prior.
 *
 * @param uniform {@code [N, P]}, the ranks over the number of draws, spread out over their steps
 */
public record SimulationBasedCalibration(Matrix uniform) {
  /**
   * Ranks the truth.
   *
   * @param draws K draws for each observation are taken of it
   * @param perObservation K, a hundred or more
   */
  public static SimulationBasedCalibration run(
      JointDraws truth, ConditionalDraws draws, int perObservation, Seed seed) {
    Matrix sampled = draws.sample(perObservation, truth.observations(), seed.child("draws"));
    RandomGenerator random = seed.child("ties").generator();
    int p = truth.parameters().columns();
    Matrix out = Matrix.zeros(truth.size(), p);
    for (int i = 0; i < truth.size(); i++) {
      for (int j = 0; j < p; j++) {
        int below = 0;
        for (int k = 0; k < perObservation; k++) {
          if (sampled.get(i * perObservation + k, j) < truth.parameters().get(i, j)) {
            below++;
          }
        }
        out.values()[i * p + j] = Ranks.uniform(below, perObservation, random.nextDouble());
      }
    }
    return new SimulationBasedCalibration(out);
  }

  /**
   * The smallest p-value over the parameters, times their number (Bonferroni).
   *
   * @param names of the parameters
   */
  public Finding finding(List<String> names) {
    double smallest = 1;
    double deviation = 0;
    int worst = 0;
    List<Curve> curves = new ArrayList<>(List.of(Ranks.diagonal()));
    for (int j = 0; j < names.size(); j++) {
      double[] u = uniform.column(j);
      Uniformity test = Uniformity.of(u);
      if (test.p() < smallest) {
        smallest = test.p();
        worst = j;
      }
      deviation = Math.max(deviation, test.deviation());
      curves.add(Ranks.distribution(names.get(j), u));
    }
    double p = Math.min(1, smallest * names.size());
    boolean fails = p < Ranks.THRESHOLD;
    Verdict verdict =
        !fails ? Verdict.TRUST : deviation > Ranks.USELESS ? Verdict.DO_NOT_USE : Verdict.DOUBTFUL;
    String sentence =
        fails
            ? String.format(
                Locale.ROOT,
                "Simulation-based calibration fails (p = %.1e): for '%s' %s.",
                p,
                names.get(worst),
                Ranks.shape(uniform.column(worst)))
            : String.format(
                Locale.ROOT,
                "Simulation-based calibration passes over %d simulations (p = %.2f).",
                uniform.rows(),
                p);
    Picture picture =
        new Picture(
            "Simulation-based calibration",
            "rank of the truth / draws",
            "share of simulations",
            curves);
    return new Finding("sbc_p", p, Ranks.THRESHOLD, verdict, sentence, Optional.of(picture));
  }
}
