package org.thalweg.vi.gmm;

import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;

/**
 * Coordinate ascent: responsibilities given parameters, parameters given responsibilities. The
 * lower bound of the log evidence never falls.
 */
final class Ascent {
  /** Sums of many terms are right to about this fraction. */
  private static final double ROUNDING = 1e-9;

  private final Rounds rounds;
  private final double concentration;
  private final GaussWishart prior;
  private MixturePosterior posterior;
  private Rounds.Pass pass;
  private double bound;

  /** From a posterior on. */
  Ascent(Rounds rounds, double concentration, GaussWishart prior, MixturePosterior start) {
    this.rounds = rounds;
    this.concentration = concentration;
    this.prior = prior;
    at(start);
  }

  MixturePosterior posterior() {
    return posterior;
  }

  /**
   * The lower bound of log p(x) in nats, over all rows: with responsibilities that are best for the
   * parameters it is sum_n log sum_k rho_nk - KL(q || p) of the parameters.
   */
  double bound() {
    return bound;
  }

  /** One update; gives by how much the bound rose, in nats. */
  double step() {
    double before = bound;
    at(MixturePosterior.of(pass.statistics(), concentration, prior));
    // Also where it is not a number.
    if (!(bound >= before - ROUNDING * Math.max(1, Math.abs(before)))) {
      throw new ThalwegException(
          ExitCode.DIVERGED,
          "The lower bound fell from %s to %s nats, which an update never does: the table is too "
                  .formatted(before, bound)
              + "ill-conditioned. Give the prior more width.");
    }
    return bound - before;
  }

  private void at(MixturePosterior next) {
    posterior = next;
    pass = rounds.pass(next);
    bound = pass.evidence() - next.divergence(concentration, prior);
  }
}
