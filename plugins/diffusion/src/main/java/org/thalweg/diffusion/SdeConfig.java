package org.thalweg.diffusion;

import org.thalweg.api.config.Option;
import org.thalweg.api.error.ThalwegException;

/** Which diffusion. */
public record SdeConfig(
    @Option("the stochastic equation") Equation equation,
    @Option(value = "b(0) of vp and subvp", min = 1e-6, max = 100) double betaMin,
    @Option(value = "b(1) of vp and subvp", min = 1e-3, max = 1000) double betaMax,
    @Option(value = "the noise's deviation at time 0 of ve", min = 1e-6, max = 1) double sigmaMin,
    @Option(value = "the noise's deviation at time 1 of ve", min = 1, max = 1e5) double sigmaMax,
    @Option(
            value = "the time that data is taken to be at; 0: 1e-5 in vp and ve, 1e-2 in subvp",
            min = 0,
            max = 0.5)
        double start) {

  /** The stochastic equations. */
  public enum Equation {
    /** Variance preserving: standardised data keeps its variance of 1. */
    VP,
    /** Sub-variance preserving: the noise comes later. */
    SUBVP,
    /** Variance exploding: noise is added to data that stays. */
    VE
  }

  /** The constants of Song and others (2021). */
  static final SdeConfig DEFAULT = new SdeConfig(Equation.VP, 0.1, 20, 0.01, 50, 0);

  /** The equation with its constants. */
  Sde sde() {
    if (!(betaMin < betaMax)) {
      throw ThalwegException.usage(
          "The diffusion's rate rises: beta-min (%s) must be below beta-max (%s).",
          betaMin, betaMax);
    }
    if (!(sigmaMin < sigmaMax)) {
      throw ThalwegException.usage(
          "The diffusion's noise grows: sigma-min (%s) must be below sigma-max (%s).",
          sigmaMin, sigmaMax);
    }
    Schedule schedule = new Schedule(betaMin, betaMax);
    return switch (equation) {
      case VP -> new VariancePreserving(schedule);
      case SUBVP -> new SubVariancePreserving(schedule);
      case VE -> new VarianceExploding(sigmaMin, sigmaMax);
    };
  }

  /** The first time: the kernel has a deviation of 1e-3 to 1e-2 there (appendix B). */
  double first() {
    if (start > 0) {
      return start;
    }
    return equation == Equation.SUBVP ? 1e-2 : 1e-5;
  }
}
