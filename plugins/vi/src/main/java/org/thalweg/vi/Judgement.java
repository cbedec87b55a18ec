package org.thalweg.vi;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import org.thalweg.api.inference.Check;
import org.thalweg.api.inference.Diagnostics;
import org.thalweg.api.inference.Diagnostics.Verdict;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.infer.Psis;

/**
 * Whether to trust an approximation, by importance sampling from it.
 *
 * @param advice what to try where the fit is bad
 */
record Judgement(RealTarget target, Approximation approximation, String advice) {
  /** Above this k-hat the importance weights have no mean. */
  private static final double HOPELESS = 1;

  /**
   * Judges by fresh draws.
   *
   * @param walks the normals that walks uphill have found, which may be where the approximation is
   *     not
   * @param rise by how much the bound rose in the last steps, see {@link Settling}
   */
  Diagnostics of(int draws, List<Frame> walks, OptionalDouble rise, Seed seed) {
    Approximation.Drawn drawn = approximation.draw(draws, seed);
    double[] joint = target.logDensity(drawn.reals());
    double[] ratios = joint.clone();
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
    List<String> reasons = new ArrayList<>();
    Verdict verdict = byWeights(ratios, figures, reasons);
    if (!walks.isEmpty()) {
      LeftOut left = LeftOut.of(target, approximation, drawn, joint, walks, seed.child("left-out"));
      figures.put("mass_left_out", left.share());
      if (left.matters(figures.get("log_evidence"), Math.sqrt(1 / figures.get("ess")))) {
        reasons.add(0, leftOut(left));
        verdict = verdict == Verdict.TRUST ? Verdict.DOUBTFUL : verdict;
      }
    }
    rise.ifPresent(nats -> figures.put("bound_rise", nats));
    if (!(rise.orElse(Double.POSITIVE_INFINITY) <= Settling.HARDLY)) {
      reasons.add(unsettled(rise));
    }
    figures.values().removeIf(value -> !Double.isFinite(value));
    return new Diagnostics(
        verdict, reasons, figures, checks(figures), Collections.emptySortedMap());
  }

  /** What the figures are held against. */
  private static List<Check> checks(SortedMap<String, Double> figures) {
    List<Check> out = new ArrayList<>();
    if (figures.containsKey("k_hat")) {
      double kHat = figures.get("k_hat");
      double limit = figures.get("k_hat_limit");
      String sentence = "k-hat is %.2f, the limit is %.2f.".formatted(kHat, limit);
      out.add(Check.atMost("k_hat", kHat, limit, sentence));
    }
    if (figures.containsKey("bound_rise")) {
      double rise = figures.get("bound_rise");
      String sentence =
          "The bound rose by %.2g nats over the last tenth of the way; up to %.2g it has settled."
              .formatted(rise, Settling.HARDLY);
      out.add(Check.atMost("bound_rise", rise, Settling.HARDLY, sentence));
    }
    return out;
  }

  private String leftOut(LeftOut left) {
    String reason =
        "%.0f %% of the posterior's mass lies where the approximation has hardly any, as near %s: a "
            + "mode or a tail there was left out. Try annealing=0.5, more restarts, or more steps.";
    return reason.formatted(100 * left.share(), target.show(left.near()));
  }

  private static String unsettled(OptionalDouble rise) {
    return rise.isPresent()
        ? "The bound had not settled: it rose by %.2g nats over the last tenth of the way (the sum of step sizes). More steps will raise it further."
            .formatted(rise.getAsDouble())
        : "Whether the bound had settled is not known: it was not judged before the last tenth of the way (the sum of step sizes). Take more steps, or a smaller judge-every.";
  }

  private Verdict byWeights(
      double[] ratios, SortedMap<String, Double> figures, List<String> reasons) {
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
    if (!Double.isFinite(mean)) {
      reasons.add(
          "The approximation has mass where the target has none, so that its lower bound is minus"
              + " infinity: declare the support with the parameters.");
    }
    String found =
        "k-hat is %.2f, the limit for %d draws %.2f".formatted(psis.kHat(), draws, limit);
    if (psis.reliable()) {
      reasons.add(found + ": importance weights correct what the approximation misses.");
      return Double.isFinite(mean) ? Verdict.TRUST : Verdict.DOUBTFUL;
    }
    boolean hopeless = !(psis.kHat() <= HOPELESS);
    reasons.add(
        found
            + (hopeless
                ? ": the approximation is far from the posterior, and its weights have no mean. "
                : ": the approximation misses a part of the posterior that its weights cannot"
                    + " restore. ")
            + advice);
    return hopeless ? Verdict.DO_NOT_USE : Verdict.DOUBTFUL;
  }
}
