package org.thalweg.aem;

import java.util.SplittableRandom;
import org.thalweg.api.random.Seed;

/**
 * Importance-sampled normalisers of a batch of conditionals (Durkan and Nash, 2019, eqs. 7 to 9):
 *
 * <pre>log Z_d = logsumexp_s( -E(x_s) - log q(x_s) ) - log S,   x_s ~ q</pre>
 *
 * The mean of the estimated Z is right, so that its logarithm tends to lie below and log p above.
 */
final class ImportanceEstimate {
  private final EnergyBlocks blocks;
  private final Proposal proposal;

  ImportanceEstimate(EnergyBlocks blocks, Proposal proposal) {
    this.blocks = blocks;
    this.proposal = proposal;
  }

  /**
   * The weights of S samples for each conditional, drawn and forgotten block by block.
   *
   * @param streams one a conditional
   */
  Weights[] weights(int samples, Seed[] streams) {
    Weights[] out = new Weights[streams.length];
    visit(
        samples,
        streams,
        (group, points, values, from, count) -> {
          if (out[group] == null) {
            out[group] = new Weights();
          }
          for (int i = from; i < from + count; i++) {
            out[group].add(values.energies()[i] - values.logSampled()[i]);
          }
        });
    return out;
  }

  /** Sees the samples of a conditional, some at a time, in the order they are drawn. */
  @FunctionalInterface
  interface Visitor {
    /** Samples {@code from} to {@code from + count} of a block are of one conditional. */
    void see(int group, double[] points, EnergyBlocks.Values values, int from, int count);
  }

  /** Draws S samples for each conditional. */
  void visit(int samples, Seed[] streams, Visitor visitor) {
    int groupsAtOnce = Math.max(1, blocks.most() / samples);
    int parts = (samples + blocks.most() - 1) / blocks.most();
    for (int first = 0; first < streams.length; first += groupsAtOnce) {
      int groups = Math.min(groupsAtOnce, streams.length - first);
      SplittableRandom[] random = new SplittableRandom[groups];
      for (int g = 0; g < groups; g++) {
        random[g] = streams[first + g].generator();
      }
      for (int part = 0; part < parts; part++) {
        int k = (int) ((long) samples * (part + 1) / parts) - (int) ((long) samples * part / parts);
        double[] points = new double[groups * k];
        for (int g = 0; g < groups; g++) {
          proposal.draw(blocks.parameters(), first + g, random[g], points, g * k, k);
        }
        EnergyBlocks.Values values = blocks.block(first, groups, points);
        for (int g = 0; g < groups; g++) {
          visitor.see(first + g, points, values, g * k, k);
        }
      }
    }
  }
}
