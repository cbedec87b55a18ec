package org.thalweg.aem;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.density.Binding;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Standardiser;
import org.thalweg.toolkit.train.Workers;

/**
 * Draws rows column by column by sampling-importance-resampling (Rubin, 1988; Durkan and Nash,
 * 2019, section 3.3): R proposals for each row and column, of which one is picked with a
 * probability proportional to its importance weight. Right as R grows; with few, draws lean towards
 * the proposal.
 */
final class AemSampling {
  private static final int CHUNK_ROWS = 256;

  private final Engine engine;
  private final AemNets nets;
  private final Standardiser standardiser;
  private final int resamples;

  AemSampling(Engine engine, AemNets nets, Standardiser standardiser, int resamples) {
    this.engine = engine;
    this.nets = nets;
    this.standardiser = standardiser;
    this.resamples = resamples;
  }

  /**
   * Draws rows in the user's units.
   *
   * @param rows how many
   * @param perContext consecutive rows that share a context
   * @param context {@code [N, C]}
   */
  Matrix draw(int rows, int perContext, Matrix context, Seed seed, Workers workers) {
    double[] contexts = standardiser.contexts(context);
    int c = context.columns();
    int chunks = (rows + CHUNK_ROWS - 1) / CHUNK_ROWS;
    List<double[]> parts =
        workers.map(
            chunks,
            k -> {
              int from = k * CHUNK_ROWS;
              int size = Math.min(CHUNK_ROWS, rows - from);
              double[] given = new double[size * c];
              for (int i = 0; i < size; i++) {
                System.arraycopy(contexts, (from + i) / perContext * c, given, i * c, c);
              }
              return chunk(given, size, seed.child(k));
            });
    return standardiser.inverse(parts.stream().flatMapToDouble(Arrays::stream).toArray());
  }

  private double[] chunk(double[] contexts, int size, Seed seed) {
    int d = nets.dimension();
    double[] out = new double[size * d];
    SplittableRandom picks = seed.child("picks").generator();
    try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
      Optional<NDArray> given =
          contexts.length == 0
              ? Optional.empty()
              : Optional.of(tape.constant(contexts, new Shape(size, contexts.length / size)));
      Conditioner.Steps walk =
          nets.conditioner().bind(Binding.evaluate(tape)).given(given).walk(size);
      for (int j = 0; j < d; j++) {
        double[] column = column(walk.next(), picks, seed.child(j));
        for (int i = 0; i < size; i++) {
          out[i * d + j] = column[i];
        }
        walk.accept(tape.constant(column, new Shape(size, 1)));
      }
    }
    return out;
  }

  /** One number for each conditional. */
  private double[] column(Conditionals conditionals, SplittableRandom picks, Seed seed) {
    int size = conditionals.size();
    double[] out = new double[size];
    Seed[] streams = new Seed[size];
    Arrays.setAll(streams, seed::child);
    Reservoir[] kept = new Reservoir[size];
    Arrays.setAll(kept, i -> new Reservoir());
    EnergyBlocks blocks = new EnergyBlocks(engine, nets, conditionals);
    new ImportanceEstimate(blocks, nets.proposal())
        .visit(
            resamples,
            streams,
            (group, points, values, from, count) -> {
              for (int i = from; i < from + count; i++) {
                double logWeight = values.energies()[i] - values.logSampled()[i];
                kept[group].offer(points[i], logWeight, picks.nextDouble());
              }
            });
    Arrays.setAll(out, i -> kept[i].value);
    return out;
  }

  /** Keeps one of what is offered, each with a probability proportional to its weight. */
  static final class Reservoir {
    private double highest = Double.NEGATIVE_INFINITY;
    private double sum;
    private double value;

    void offer(double candidate, double logWeight, double uniform) {
      if (logWeight > highest) {
        sum *= Math.exp(highest - logWeight);
        highest = logWeight;
      }
      double weight = Math.exp(logWeight - highest);
      sum += weight;
      if (uniform * sum < weight) {
        value = candidate;
      }
    }

    double value() {
      return value;
    }
  }
}
