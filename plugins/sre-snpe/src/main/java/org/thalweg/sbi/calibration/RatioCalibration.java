package org.thalweg.sbi.calibration;

import org.thalweg.api.data.Matrix;
import org.thalweg.api.random.Seed;

/**
 * Calibration of any posterior whose ratio to the prior can be evaluated, without a draw of it: the
 * truth is ranked among draws of the prior, each weighing as much as the posterior gives it. For
 * the true ratio the ranks are exactly uniform, however few the draws are.
 */
public final class RatioCalibration {
  private final JointDraws truth;
  private final Contrasts contrasts;
  private final Seed seed;

  /**
   * Weighs.
   *
   * @param truth draws of the prior with their data, none of which was trained on
   * @param others {@code [N * K, P]}, more draws of the prior: K for each of the N
   */
  public RatioCalibration(JointDraws truth, Matrix others, LogRatio ratio, Seed seed) {
    this.truth = truth;
    this.contrasts = Contrasts.among(truth, others, ratio);
    this.seed = seed;
  }

  /** The ranks of each parameter. */
  public SimulationBasedCalibration ranks() {
    int p = truth.parameters().columns();
    Matrix out = Matrix.zeros(truth.size(), p);
    for (int j = 0; j < p; j++) {
      int column = j;
      double[] u = contrasts.ranks((theta, i) -> theta[column], seed.child("sbc").child(j));
      for (int i = 0; i < u.length; i++) {
        out.values()[i * p + j] = u[i];
      }
    }
    return new SimulationBasedCalibration(out);
  }

  /** The ranks of distances from a random point. */
  public ExpectedCoverage coverage() {
    Matrix parameters = truth.parameters();
    double[] scale = Scales.deviations(parameters);
    return new ExpectedCoverage(
        contrasts.ranks(
            (theta, i) ->
                Scales.squaredDistance(
                    Matrix.of(theta), 0, parameters, (i + 1) % truth.size(), scale),
            seed.child("tarp")));
  }
}
