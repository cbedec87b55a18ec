package org.thalweg.sbi.calibration;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.thalweg.api.inference.Diagnostics.Verdict;
import org.thalweg.api.random.Seed;

/**
 * Whether a posterior knows what a linear function of the data knows. The rank of a number that
 * looks at the data is uniform for the true posterior, and not for one that does not look (Modrak,
 * Moon, Kim, Buerkner, Huurre, Faltejskova, Gelman and Vehtari, 2023, section 4). The number is the
 * distance of the parameters from the function's guess; they are ranked among those of the other
 * observations, each weighing as much as the posterior gives it ({@link RatioCalibration}).
 *
 * @param uniform the ranks, from 0 to 1
 */
public record LinearKnowledge(double[] uniform) {
  /**
   * Ranks.
   *
   * @param truth simulations that the posterior was not trained on, of the prior or of all
   *     proposals together
   * @param training others of the same kind, that the linear function is fitted to
   */
  public static LinearKnowledge run(
      JointDraws truth, JointDraws training, LogRatio ratio, Seed seed) {
    Regression line = Regression.of(training);
    double[][] means = new double[truth.size()][];
    Arrays.setAll(means, i -> line.means(truth.observations().row(i)));
    return new LinearKnowledge(
        Contrasts.amongThemselves(truth, ratio)
            .ranks((theta, i) -> line.distance(theta, means[i]), seed));
  }

  /** Whether they are uniform. */
  public Finding finding() {
    Uniformity test = Uniformity.of(uniform);
    boolean fails = test.p() < Ranks.THRESHOLD;
    boolean nearer = Arrays.stream(uniform).average().orElseThrow() < 0.5;
    String sentence =
        fails
            ? String.format(
                Locale.ROOT,
                "A linear function of the data knows what the posterior does not (p = %.1e): the"
                    + " truth is %s its guess than the posterior says. Train longer, or on more"
                    + " simulations.",
                test.p(),
                nearer ? "nearer to" : "farther from")
            : String.format(
                Locale.ROOT,
                "The posterior knows what a linear function of the data knows (p = %.2f).",
                test.p());
    Picture picture =
        new Picture(
            "What a linear function of the data knows",
            "rank of the truth's distance from its guess",
            "share of simulations",
            List.of(Ranks.diagonal(), Ranks.distribution("measured", uniform)));
    return new Finding(
        "regression_p",
        test.p(),
        Ranks.THRESHOLD,
        fails ? Verdict.DOUBTFUL : Verdict.TRUST,
        sentence,
        Optional.of(picture));
  }
}
