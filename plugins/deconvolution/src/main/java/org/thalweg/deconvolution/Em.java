package org.thalweg.deconvolution;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.thalweg.toolkit.train.Workers;

/** Sums over blocks of rows, on several threads; the order of sums does not depend on them. */
final class Em {
  /** Blocks that are summed by themselves. */
  private static final int TASK = 64;

  private final List<RowBlock> blocks;
  private final Workers workers;

  Em(List<RowBlock> blocks, Workers workers) {
    this.blocks = blocks;
    this.workers = workers;
  }

  /** What all rows say of a mixture. */
  Statistics statistics(Mixture mixture) {
    return statistics(mixture, blocks.size(), i -> blocks.get(i));
  }

  /** What some blocks say of a mixture. */
  Statistics statistics(Mixture mixture, int[] chosen) {
    return statistics(mixture, chosen.length, i -> blocks.get(chosen[i]));
  }

  private Statistics statistics(Mixture mixture, int count, IntFunction<RowBlock> block) {
    int tasks = (count + TASK - 1) / TASK;
    List<Statistics> parts =
        workers.map(
            tasks,
            t -> {
              Expectation step = new Expectation(mixture);
              Statistics own = new Statistics(mixture.components(), mixture.dimension());
              for (int i = t * TASK; i < Math.min(count, (t + 1) * TASK); i++) {
                step.add(block.apply(i), own);
              }
              return own;
            });
    Statistics sum = parts.get(0);
    parts.subList(1, parts.size()).forEach(sum::add);
    return sum;
  }

  /** log p(w) of each row, standardised, by the number of the row. */
  double[] logDensity(Mixture mixture, int rows) {
    double[] out = new double[rows];
    int tasks = (blocks.size() + TASK - 1) / TASK;
    workers.map(
        tasks,
        t -> {
          Expectation step = new Expectation(mixture);
          for (RowBlock block : blocks.subList(t * TASK, Math.min(blocks.size(), (t + 1) * TASK))) {
            double[] values = step.logDensity(block);
            for (int r = 0; r < block.rows().length; r++) {
              out[block.rows()[r]] = values[r];
            }
          }
          return 0;
        });
    return out;
  }

  /** The weight of all rows. */
  double rows() {
    return blocks.stream().flatMapToDouble(b -> Arrays.stream(b.weights())).sum();
  }

  /** The number of blocks. */
  int blocks() {
    return blocks.size();
  }
}
