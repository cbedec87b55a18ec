package org.thalweg.sbi.calibration;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.random.Seed;

/**
 * The true parameters of each observation among others, with the probability that a posterior gives
 * each of them to be the true ones.
 *
 * <p>Parameters of which one made x, all being draws of the prior, have made it with probability
 * p(x | theta) / sum of p(x | theta'). So ranks of the truth among them, each weighing as much, are
 * uniform for the true ratio, however few they are. Draws of the posterior would be the limit of
 * many; this needs none, and no Markov chain.
 *
 * @param candidates {@code [N * K, P]}: K consecutive rows for each observation, the truth first
 * @param probability {@code [N][K]}, each row's sum 1
 */
record Contrasts(Matrix candidates, double[][] probability) {
  /** Pairs that are scored at once. */
  private static final int AT_ONCE = 4096;

  /** A ratio lower than this below the highest is none at all. */
  private static final double LEAST = -600;

  /** A number that parameters and an observation have. */
  @FunctionalInterface
  interface Quantity {
    double of(double[] parameters, int observation);
  }

  /**
   * The truth among fresh draws of the prior.
   *
   * @param others {@code [N * (K - 1), P]}, draws of the prior
   */
  static Contrasts among(JointDraws truth, Matrix others, LogRatio ratio) {
    int n = truth.size();
    int k = others.rows() / n + 1;
    int p = others.columns();
    Matrix all = Matrix.zeros(n * k, p);
    for (int i = 0; i < n; i++) {
      System.arraycopy(truth.parameters().values(), i * p, all.values(), i * k * p, p);
      System.arraycopy(
          others.values(), i * (k - 1) * p, all.values(), (i * k + 1) * p, (k - 1) * p);
    }
    return new Contrasts(all, probabilities(all, truth.observations(), ratio));
  }

  /** The truth of each observation among the truths of the others: N = K. */
  static Contrasts amongThemselves(JointDraws truth, LogRatio ratio) {
    int n = truth.size();
    int[] rows = new int[n * n];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < n; k++) {
        rows[i * n + k] = (i + k) % n;
      }
    }
    Matrix all = truth.parameters().select(rows);
    return new Contrasts(all, probabilities(all, truth.observations(), ratio));
  }

  private static double[][] probabilities(Matrix all, Matrix observations, LogRatio ratio) {
    int n = observations.rows();
    int k = all.rows() / n;
    int together = Math.max(1, AT_ONCE / k);
    double[][] out = new double[n][];
    for (int from = 0; from < n; from += together) {
      int to = Math.min(n, from + together);
      int[] repeated = new int[(to - from) * k];
      for (int i = 0; i < repeated.length; i++) {
        repeated[i] = from + i / k;
      }
      double[] logs = ratio.of(all.slice(from * k, to * k), observations.select(repeated));
      for (int i = from; i < to; i++) {
        out[i] = normalised(Arrays.copyOfRange(logs, (i - from) * k, (i - from + 1) * k));
      }
    }
    return out;
  }

  private static double[] normalised(double[] logs) {
    double highest = Arrays.stream(logs).filter(v -> !Double.isNaN(v)).max().orElse(0);
    double[] out = new double[logs.length];
    double sum = 0;
    for (int k = 0; k < out.length; k++) {
      double below = highest == Double.NEGATIVE_INFINITY ? 0 : logs[k] - highest;
      out[k] = Math.exp(below > LEAST ? below : LEAST);
      sum += out[k];
    }
    for (int k = 0; k < out.length; k++) {
      out[k] /= sum;
    }
    return out;
  }

  /** Ranks of the truth by a number, spread out over its own probability: uniform, or not. */
  double[] ranks(Quantity quantity, Seed seed) {
    RandomGenerator random = seed.generator();
    int n = probability.length;
    int k = candidates.rows() / n;
    double[] out = new double[n];
    for (int i = 0; i < n; i++) {
      double own = quantity.of(candidates.row(i * k), i);
      double below = 0;
      double level = 0;
      for (int c = 0; c < k; c++) {
        double other = quantity.of(candidates.row(i * k + c), i);
        below += other < own ? probability[i][c] : 0;
        level += other == own ? probability[i][c] : 0;
      }
      out[i] = Math.min(1, below + random.nextDouble() * level);
    }
    return out;
  }

  /** How much more probable the truth is than by chance, for each observation, in nats. */
  double[] information() {
    return Arrays.stream(probability)
        .mapToDouble(of -> Math.log(of.length) + Math.log(Math.max(of[0], 1e-300)))
        .toArray();
  }
}
