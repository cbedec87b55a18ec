package org.thalweg.vi;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.thalweg.api.inference.Diagnostics;
import org.thalweg.api.inference.Diagnostics.Verdict;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.infer.Psis;

/** Whether to trust an approximation, by importance sampling from it. */
final class Judgement {
  /** Above this k-hat the importance weights have no mean. */
  private static final double HOPELESS = 1;

  private Judgement() {}

  /**
   * Judges by fresh draws.
   *
   * @param advice what to try where the fit is bad
   */
  static Diagnostics of(
      RealTarget target, Approximation approximation, int draws, String advice, Seed seed) {
    Approximation.Drawn drawn = approximation.draw(draws, seed);
    double[] ratios = target.logDensity(drawn.reals());
    int bad = 0;
    for (int i = 0; i < draws; i++) {
      ratios[i] -= drawn.logDensity()[i];
      boolean usable = !Double.isNaN(ratios[i]) && ratios[i] != Double.POSITIVE_INFINITY;
      bad += usable ? 0 : 1;
    }
    SortedMap<String, Double> figures = new TreeMap<>();
    figures.put("draws", (double) draws);
    if (bad > 0) {
      String reason =
          "The target is not a number, or infinite, at %d of %d draws of the approximation: its "
              + "fit there cannot be judged. Look for overflow or a logarithm of a negative number "
              + "in the target, or compute in float64.";
      return new Diagnostics(Verdict.DO_NOT_USE, List.of(reason.formatted(bad, draws)), figures);
    }
    return judged(ratios, figures, advice);
  }

  private static Diagnostics judged(
      double[] ratios, SortedMap<String, Double> figures, String advice) {
    int draws = ratios.length;
    double mean = 0;
    double square = 0;
    for (double ratio : ratios) {
      mean += ratio / draws;
    }
    for (double ratio : ratios) {
      square += (ratio - mean) * (ratio - mean);
    }
    Psis psis = Psis.of(ratios);
    double limit = Psis.limit(draws);
    figures.put("elbo", mean);
    figures.put("elbo_standard_error", Math.sqrt(square / (draws - 1.0) / draws));
    figures.put("k_hat", psis.kHat());
    figures.put("k_hat_limit", limit);
    figures.put("ess", psis.effectiveSampleSize());
    figures.put("log_evidence", psis.logMeanRatio());
    figures.values().removeIf(value -> !Double.isFinite(value));
    List<String> reasons = new ArrayList<>();
    if (!Double.isFinite(mean)) {
      reasons.add(
          "The approximation has mass where the target has none, so that its lower bound is minus"
              + " infinity: declare the support with the parameters.");
    }
    String found =
        "k-hat is %.2f, the limit for %d draws %.2f".formatted(psis.kHat(), draws, limit);
    if (psis.reliable()) {
      reasons.add(found + ": importance weights correct what the approximation misses.");
      return new Diagnostics(
          Double.isFinite(mean) ? Verdict.TRUST : Verdict.DOUBTFUL, reasons, figures);
    }
    boolean hopeless = !(psis.kHat() <= HOPELESS);
    reasons.add(
        found
            + (hopeless
                ? ": the approximation is far from the posterior, and its weights have no mean. "
                : ": the approximation misses a part of the posterior that its weights cannot"
                    + " restore. ")
            + advice);
    return new Diagnostics(hopeless ? Verdict.DO_NOT_USE : Verdict.DOUBTFUL, reasons, figures);
  }
}
