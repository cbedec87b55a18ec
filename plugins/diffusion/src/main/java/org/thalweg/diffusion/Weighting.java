package org.thalweg.diffusion;

/**
 * How the losses of the times are weighted, and how times are drawn (Song and others, 2021,
 * sections 3 and 5.1). With {@code r = s(t) score + z}, the noise that the net does not explain,
 * the loss of a row at a time is {@code factor |r|^2 / 2}.
 */
public enum Weighting {
  /** Uniform times, by the variance s(t)^2 of the kernel: good samples. */
  ORIGINAL {
    @Override
    Drawn draw(Sde sde, double start, double uniform) {
      return new Drawn(time(start, uniform), Sde.END - start);
    }
  },
  /** Uniform times, by g(t)^2: a bound on the likelihood, with a large variance. */
  LIKELIHOOD {
    @Override
    Drawn draw(Sde sde, double start, double uniform) {
      double t = time(start, uniform);
      double s = sde.deviation(t);
      return new Drawn(t, (Sde.END - start) * sde.squaredDiffusion(t) / (s * s));
    }
  },
  /** By g(t)^2, with times drawn from g(t)^2 / s(t)^2: the same mean with a small variance. */
  IMPORTANCE {
    @Override
    Drawn draw(Sde sde, double start, double uniform) {
      double from = sde.weight(start);
      double total = sde.weight(Sde.END) - from;
      double t = sde.timeOfWeight(from + uniform * total);
      return new Drawn(Math.max(start, Math.min(Sde.END, t)), total);
    }
  };

  /**
   * A time with its loss's factor.
   *
   * @param time between the start and 1
   * @param factor what the mean over times of {@code |r|^2 / 2} is multiplied by
   */
  record Drawn(double time, double factor) {}

  /**
   * The time of a uniform number: the inverse of the distribution function, which is known in
   * closed form for every equation.
   *
   * @param start the first time, at which the diffusion is truncated
   * @param uniform in [0, 1)
   */
  abstract Drawn draw(Sde sde, double start, double uniform);

  private static double time(double start, double uniform) {
    return start + uniform * (Sde.END - start);
  }

  /** Whether the loss is a bound on the negative log-density, in nats, up to known terms. */
  boolean bounds() {
    return this != ORIGINAL;
  }
}
