package org.thalweg.vi.gmm;

import java.util.List;
import org.thalweg.toolkit.infer.Special;
import org.thalweg.toolkit.train.Workers;

/** Passes over all rows, in blocks whose sums add up in the order of the rows. */
final class Rounds {
  private static final int BLOCK = 2048;

  private final double[] x;
  private final int rows;
  private final int dimension;
  private final Workers workers;

  /**
   * Of standardised rows.
   *
   * @param x {@code [N, D]}, row-major
   */
  Rounds(double[] x, int dimension, Workers workers) {
    this.x = x;
    this.rows = x.length / dimension;
    this.dimension = dimension;
    this.workers = workers;
  }

  int rows() {
    return rows;
  }

  /**
   * A pass.
   *
   * @param statistics of the rows under the responsibilities
   * @param evidence sum_n log sum_k rho_nk, in nats
   */
  record Pass(Statistics statistics, double evidence) {}

  /** Responsibilities under a posterior (eqs 34 and 35), and what they make of the rows. */
  Pass pass(MixturePosterior q) {
    double[] constants = q.constants();
    return sum(q.size(), (from, to, statistics) -> block(q, constants, from, to, statistics));
  }

  /** Every row belongs to the nearest of some rows. */
  Statistics nearest(int[] centres) {
    return sum(
            centres.length,
            (from, to, statistics) -> {
              for (int n = from; n < to; n++) {
                statistics.add(nearest(n, centres), 1, x, n * dimension);
              }
              return 0;
            })
        .statistics();
  }

  private int nearest(int row, int[] centres) {
    int best = 0;
    for (int k = 1; k < centres.length; k++) {
      if (squaredDistance(row, centres[k]) < squaredDistance(row, centres[best])) {
        best = k;
      }
    }
    return best;
  }

  double squaredDistance(int row, int other) {
    double out = 0;
    for (int j = 0; j < dimension; j++) {
      double difference = x[row * dimension + j] - x[other * dimension + j];
      out += difference * difference;
    }
    return out;
  }

  @FunctionalInterface
  private interface Block {
    double add(int from, int to, Statistics statistics);
  }

  private Pass sum(int components, Block block) {
    int blocks = (rows + BLOCK - 1) / BLOCK;
    List<Pass> parts =
        workers.map(
            blocks,
            b -> {
              Statistics statistics = new Statistics(components, dimension);
              double evidence = block.add(b * BLOCK, Math.min(rows, (b + 1) * BLOCK), statistics);
              return new Pass(statistics, evidence);
            });
    Statistics total = new Statistics(components, dimension);
    double evidence = 0;
    for (Pass part : parts) {
      total.add(part.statistics());
      evidence += part.evidence();
    }
    return new Pass(total, evidence);
  }

  private double block(
      MixturePosterior q, double[] constants, int from, int to, Statistics statistics) {
    double[] logRho = new double[q.size()];
    double[] scratch = new double[dimension];
    double evidence = 0;
    for (int n = from; n < to; n++) {
      for (int k = 0; k < logRho.length; k++) {
        GaussWishart c = q.components().get(k);
        logRho[k] =
            constants[k] - 0.5 * c.nu * c.factor.squaredDistance(x, n * dimension, c.mean, scratch);
      }
      double total = Special.logSumExp(logRho);
      evidence += total;
      for (int k = 0; k < logRho.length; k++) {
        statistics.add(k, Math.exp(logRho[k] - total), x, n * dimension);
      }
    }
    return evidence;
  }
}
