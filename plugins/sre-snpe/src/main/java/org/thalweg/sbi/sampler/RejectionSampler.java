package org.thalweg.sbi.sampler;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.random.Seed;

/**
 * Rejection sampling with the highest ratio seen so far as its bound (the empirical supremum of
 * Caffo, Booth and Davis, 2002): where a proposal goes above it, the bound rises, and what was kept
 * is thinned as if it had been so high from the start.
 *
 * @param proposal draws {@code n} points, with the log of target over proposal of each, up to a
 *     constant
 * @param batch points that are drawn at a time
 * @param mostDrawn points after which it gives up
 */
public record RejectionSampler(
    BiFunction<Integer, Seed, WeightedDraws> proposal, int batch, long mostDrawn) {
  /**
   * What was kept.
   *
   * @param points {@code [at most n, P]}; fewer than were asked for where it gave up
   * @param acceptance kept over drawn
   */
  public record Kept(Matrix points, double acceptance) {}

  /** Draws n points, or as many as it can. */
  public Kept draw(int n, Seed seed) {
    SplittableRandom random = seed.child("accept").generator();
    List<double[]> kept = new ArrayList<>();
    double bound = Double.NEGATIVE_INFINITY;
    long drawn = 0;
    for (int round = 0; kept.size() < n && drawn < mostDrawn; round++) {
      WeightedDraws some = proposal.apply(batch, seed.child(round));
      double highest = bound;
      for (double w : some.logWeights()) {
        highest = Math.max(highest, w);
      }
      if (highest > bound) {
        double keep = Math.exp(bound - highest);
        kept.removeIf(point -> random.nextDouble() >= keep);
        bound = highest;
      }
      for (int i = 0; i < some.logWeights().length; i++) {
        if (Math.log(1 - random.nextDouble()) < some.logWeights()[i] - bound) {
          kept.add(some.points().row(i));
        }
      }
      drawn += batch;
    }
    double acceptance = (double) kept.size() / Math.max(1, drawn);
    int columns = kept.isEmpty() ? 0 : kept.get(0).length;
    List<double[]> first = kept.subList(0, Math.min(n, kept.size()));
    Matrix points =
        first.isEmpty() ? Matrix.zeros(0, columns) : Matrix.of(first.toArray(double[][]::new));
    return new Kept(points, acceptance);
  }
}
