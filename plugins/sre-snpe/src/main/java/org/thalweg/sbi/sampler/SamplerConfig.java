package org.thalweg.sbi.sampler;

import org.thalweg.api.config.Option;
import org.thalweg.api.error.ThalwegException;

/** How a posterior is sampled. */
public record SamplerConfig(
    @Option("what draws points; auto: direct where the density can be drawn from, else slice")
        Kind sampler,
    @Option(value = "chains that run side by side", min = 1, max = 1e6) int chains,
    @Option(
            value = "sweeps, or proposals, of each chain before the first is kept",
            min = 0,
            max = 1e6)
        int warmup,
    @Option(value = "sweeps, or proposals, for each point that is kept", min = 1, max = 1e6)
        int thin,
    @Option(
            value = "draws of the prior that the chains' starts are chosen from by their weights",
            min = 1,
            max = 1e8)
        int candidates,
    @Option(value = "the most leapfrog steps of a Hamiltonian proposal", min = 1, max = 1000)
        int leapfrogs) {
  /** What draws points. */
  public enum Kind {
    /** Direct where the density can be drawn from, else slice sampling. */
    AUTO,
    /** Independent draws of the density. */
    DIRECT,
    /** Axis-aligned slice sampling. */
    SLICE,
    /** Hamiltonian Monte Carlo. */
    HMC,
    /** Rejection sampling from the prior. */
    REJECTION,
    /** Sampling, importance, resampling from the prior. */
    SIR
  }

  /** Many short chains, started where the weight is. */
  public static final SamplerConfig DEFAULT = new SamplerConfig(Kind.AUTO, 400, 50, 2, 20_000, 16);

  /** Refuses what cannot be meant. */
  public SamplerConfig {
    if (chains < 1 || warmup < 0 || thin < 1 || candidates < 1 || leapfrogs < 1) {
      throw ThalwegException.usage(
          "A sampler needs chains, thin, candidates and leapfrogs of at least 1 and warmup of at "
              + "least 0, got %d, %d, %d, %d and %d.",
          chains, thin, candidates, leapfrogs, warmup);
    }
  }

  /** The same with another way to draw. */
  public SamplerConfig with(Kind other) {
    return new SamplerConfig(other, chains, warmup, thin, candidates, leapfrogs);
  }
}
