package org.thalweg.diffusion;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.thalweg.api.random.Seed;

/**
 * The lower bound on the log-density of the reverse stochastic equation's model (Song and others,
 * 2021, theorem 3, eq. 11), from random times and noises, with the truncation at the first time
 * corrected (appendix B, eqs. 38-39). Its mean over draws is the bound.
 *
 * @param sde the diffusion
 * @param start the time at which it is truncated
 * @param form which side of theorem 3 is estimated
 * @param draws K, the times of a row, at least 4: one in each of K strata of {@link
 *     Weighting#IMPORTANCE}
 */
record LikelihoodBound(Sde sde, double start, Form form, int draws) {
  /** The two forms, which have the same mean. */
  enum Form {
    /** By denoising: L_DSM. */
    DENOISING,
    /** By the score's divergence, as in sliced score matching: L_SM. */
    SLICED
  }

  /** For one draw of the correction, which varies little, this many of the integral. */
  private static final int INTEGRAL_DRAWS = 4;

  /**
   * Bounds of rows.
   *
   * @param values in nats
   * @param standardErrors of the values, over the draws
   */
  record Bounds(double[] values, double[] standardErrors) {}

  /** The draws of the correction. */
  int corrections() {
    return Math.max(2, draws / INTEGRAL_DRAWS);
  }

  /** The evaluations of the velocity for one row. */
  int evaluations() {
    return draws + corrections();
  }

  /**
   * The bounds of rows.
   *
   * @param x {@code [N, D]}, standardised
   * @param from the number of the first row to the seed
   */
  Bounds of(Velocity velocity, double[] x, int from, Seed seed) {
    int d = velocity.dimension();
    int n = x.length / d;
    NoisyRows noisy = new NoisyRows(velocity, n * evaluations());
    for (int i = 0; i < n; i++) {
      SplittableRandom random = seed.child(from + i).generator();
      for (int k = 0; k < draws; k++) {
        double uniform = (k + random.nextDouble()) / draws;
        Weighting.Drawn drawn = Weighting.IMPORTANCE.draw(sde, start, uniform);
        noisy.add(i, x, sde.angle(drawn.time()), random);
      }
      for (int k = 0; k < corrections(); k++) {
        noisy.add(i, x, sde.angle(start), random);
      }
    }
    NoisyRows.Terms terms =
        form == Form.DENOISING
            ? noisy.denoising()
            : noisy.sliced(directions(d, from, n, seed.child("directions")));
    double factor = 0.5 * Weighting.IMPORTANCE.draw(sde, start, 0).factor();
    double[] values = new double[n];
    double[] errors = new double[n];
    for (int i = 0; i < n; i++) {
      int first = i * evaluations();
      int end = first + draws;
      double[] integral =
          form == Form.DENOISING
              ? ControlVariate.apply(terms.residuals(), terms.noises(), d, first, end)
              : Arrays.copyOfRange(terms.divergences(), first, end);
      double[] correction =
          ControlVariate.apply(terms.residuals(), terms.noises(), d, end, end + corrections());
      values[i] = -known(x, i * d, d) - factor * mean(integral) - 0.5 * mean(correction);
      errors[i] =
          Math.sqrt(
              factor * factor * varianceOfStrata(integral) + 0.25 * varianceOfMean(correction));
    }
    return new Bounds(values, errors);
  }

  /** A direction of its own for each draw, where there are too many axes. */
  private Directions directions(int d, int from, int rows, Seed seed) {
    return d <= DiffusionConfig.MOST_AXES
        ? new Directions.Axes(d)
        : Directions.Fresh.signs(evaluations(), d, from, rows, seed);
  }

  /** What is known of the negative bound: the prior's, the drift's and the correction's terms. */
  private double known(double[] x, int offset, int d) {
    double squares = 0;
    for (int j = offset; j < offset + d; j++) {
      squares += x[j] * x[j];
    }
    // -d integral of a(t) = d (log m(start) - log m(1)); the correction has -d log m(start).
    return DenoisingObjective.priorTerm(sde, squares, d) - d * Math.log(sde.mean(Sde.END));
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(0);
  }

  /**
   * The variance of a mean of one draw a stratum, from pairs of neighbours: on average it is not
   * too small (Cochran 1977, section 5A.12).
   */
  private static double varianceOfStrata(double[] values) {
    double sum = 0;
    for (int k = 0; k + 1 < values.length; k += 2) {
      sum += square(values[k] - values[k + 1]);
    }
    int last = values.length - 1;
    if (values.length % 2 == 1) {
      sum += 0.5 * square(values[last] - values[last - 1]);
    }
    return sum / square(values.length);
  }

  private static double varianceOfMean(double[] values) {
    double mean = mean(values);
    double sum = 0;
    for (double value : values) {
      sum += square(value - mean);
    }
    return sum / (values.length - 1) / values.length;
  }

  private static double square(double value) {
    return value * value;
  }
}
