package org.thalweg.app.infer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.inference.Check;
import org.thalweg.api.inference.Diagnostics;
import org.thalweg.api.inference.Diagnostics.Verdict;
import org.thalweg.api.inference.Posterior;
import org.thalweg.toolkit.infer.ImportanceRatios;
import org.thalweg.toolkit.infer.Psis;

/**
 * A posterior's own judgement, and what importance weights of the written draws add to it.
 *
 * @param diagnostics both together
 * @param weights of the draws, where they can correct moments: where nothing speaks against the
 *     posterior and the draws' own k-hat is below its limit
 */
record Weighed(Diagnostics diagnostics, Optional<Psis> weights) {
  private static final String K_HAT = "k_hat";

  /** Weighs draws where there is a target to weigh them by. */
  static Weighed of(Posterior posterior, Matrix draws, Engine engine) {
    Diagnostics own = posterior.diagnostics();
    Optional<double[]> ratios = ImportanceRatios.of(posterior, draws, engine);
    if (ratios.isEmpty()) {
      return new Weighed(own, Optional.empty());
    }
    Psis psis;
    try {
      psis = Psis.of(ratios.get());
    } catch (ThalwegException e) {
      return new Weighed(worse(own, Verdict.DO_NOT_USE, e.getMessage()), Optional.empty());
    }
    Diagnostics both = own.figures().containsKey(K_HAT) ? own : judged(own, psis, draws.rows());
    // The verdict's draws and these are others, and both k-hats are random near the limit.
    boolean trusted = both.verdict() == Verdict.TRUST && psis.reliable();
    return new Weighed(both, trusted ? Optional.of(psis) : Optional.empty());
  }

  private static Diagnostics judged(Diagnostics own, Psis psis, int draws) {
    TreeMap<String, Double> figures = new TreeMap<>(own.figures());
    figures.put(K_HAT, psis.kHat());
    figures.put("k_hat_limit", Psis.limit(draws));
    figures.put("ess", psis.effectiveSampleSize());
    figures.put("log_evidence", psis.logMeanRatio());
    String sentence =
        String.format(
            Locale.ROOT,
            psis.reliable()
                ? "k-hat is %.2f, not above %.2f, what %d draws are enough for."
                : "k-hat is %.2f, above %.2f, what %d draws are enough for: the posterior misses"
                    + " the target where weights are largest. Try a richer method, or more steps.",
            psis.kHat(),
            Psis.limit(draws),
            draws);
    List<Check> checks = new ArrayList<>(own.checks());
    checks.add(Check.atMost(K_HAT, psis.kHat(), Psis.limit(draws), sentence));
    Diagnostics more =
        new Diagnostics(own.verdict(), own.reasons(), figures, checks, own.perParameter());
    return psis.reliable()
        ? more
        : worse(more, psis.kHat() > 1 ? Verdict.DO_NOT_USE : Verdict.DOUBTFUL, sentence);
  }

  private static Diagnostics worse(Diagnostics than, Verdict verdict, String reason) {
    List<String> reasons = new ArrayList<>(than.reasons());
    reasons.add(reason);
    Verdict worst = verdict.compareTo(than.verdict()) > 0 ? verdict : than.verdict();
    return new Diagnostics(worst, reasons, than.figures(), than.checks(), than.perParameter());
  }
}
