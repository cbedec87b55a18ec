package org.thalweg.sbi.calibration;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.thalweg.api.inference.Diagnostics.Verdict;

/**
 * What a posterior knows that the prior does not: how much better than by chance its ratio finds
 * the parameters of an observation among those of the others,
 *
 * <pre>log N + mean over rows of log( r(x_i, theta_i) / sum_j r(x_i, theta_j) )</pre>
 *
 * <p>It is a lower bound of the mutual information of parameters and data for any ratio, and at
 * most log N (van den Oord, Li and Vinyals, 2018, section 2.3; Durkan, Murray and Papamakarios,
 * 2020, section 3). A ratio that does not look at the data, such as that of a posterior that is the
 * prior, has 0 at most. What is to be expected of a posterior is measured on a linear function of
 * the data with normal residuals, on the same rows.
 *
 * @param nats the terms of the mean, one for each observation
 * @param linear the mean for the linear function, in nats
 */
public record Information(double[] nats, double linear) {
  /** Standard errors above 0 from which on it is no accident. */
  private static final double ERRORS = 3;

  /** The share of what a linear function knows that a posterior must know. */
  private static final double SHARE = 0.5;

  /** Less is rounding. */
  private static final double LEAST = 1e-3;

  /**
   * Measures it.
   *
   * @param truth simulations that the posterior was not trained on, of any proposals
   * @param training others, that the linear function is fitted to
   */
  public static Information run(JointDraws truth, JointDraws training, LogRatio ratio) {
    double[] own = Contrasts.amongThemselves(truth, ratio).information();
    LogRatio line = Regression.of(training).ratio();
    double[] linear = Contrasts.amongThemselves(truth, line).information();
    return new Information(own, Arrays.stream(linear).average().orElseThrow());
  }

  /** The mean, in nats. */
  public double mean() {
    return Arrays.stream(nats).average().orElseThrow();
  }

  /** Its standard error. */
  public double standardError() {
    double mean = mean();
    double sum = Arrays.stream(nats).map(v -> (v - mean) * (v - mean)).sum();
    return Math.sqrt(sum / (nats.length - 1.0) / nats.length);
  }

  /** Three standard errors, or half of what a linear function knows where that is more. */
  public double threshold() {
    return Math.max(LEAST, Math.max(ERRORS * standardError(), SHARE * linear));
  }

  /** Whether it is enough. */
  public Finding finding() {
    boolean fails = !(mean() >= threshold());
    String how =
        fails
            ? "tells hardly more of the parameters than the prior does: train longer, or on more"
                + " simulations, or the data say nothing"
            : "tells more of the parameters than the prior does";
    String sentence =
        String.format(
            Locale.ROOT,
            "Over %d simulations that no gradient saw, the posterior %s (%.2f +- %.2f nats; a linear"
                + " function of the data %.2f).",
            nats.length,
            how,
            mean(),
            standardError(),
            linear);
    return new Finding(
        "information",
        mean(),
        threshold(),
        fails ? Verdict.DOUBTFUL : Verdict.TRUST,
        sentence,
        Optional.empty());
  }
}
