package org.thalweg.vi;

import org.thalweg.api.config.Option;

/** The options of normal approximations. */
public record AdviConfig(
    @Option("what the covariance matrix holds") Covariance covariance,
    @Option("how it is trained") Fitting fitting) {
  /** What the covariance matrix holds. */
  public enum Covariance {
    /** Variances alone. */
    MEAN_FIELD,
    /** Everything. */
    FULL_RANK
  }

  static final AdviConfig DEFAULT =
      new AdviConfig(Covariance.MEAN_FIELD, Fitting.steps(2000, 0.02, Fitting.Gradient.PATH));
}
