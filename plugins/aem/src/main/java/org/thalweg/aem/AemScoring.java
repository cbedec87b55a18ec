package org.thalweg.aem;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.thalweg.api.data.Rows;
import org.thalweg.api.density.Binding;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Standardiser;
import org.thalweg.toolkit.train.Workers;

/**
 * Scores rows in the user's units, in chunks of a fixed size, so that the numbers do not depend on
 * the workers. Samples are drawn and forgotten block by block: a table of them is never held.
 */
final class AemScoring {
  /** Rows of a chunk: enough to keep a block busy, few enough to divide a small table. */
  private static final int CHUNK_ROWS = 64;

  private final Engine engine;
  private final AemNets nets;
  private final Standardiser standardiser;

  AemScoring(Engine engine, AemNets nets, Standardiser standardiser) {
    this.engine = engine;
    this.nets = nets;
    this.standardiser = standardiser;
  }

  /**
   * What S importance samples say of rows.
   *
   * @param values log p, one a row, in nats
   * @param standardErrors of those, one a row
   * @param guarded log p where the row itself is one more sample
   * @param proposal log q, one a row
   * @param effective the effective number of samples, {@code N * D}
   */
  record Estimates(
      double[] values,
      double[] standardErrors,
      double[] guarded,
      double[] proposal,
      double[] effective) {}

  /** Rows of one chunk, standardised, and their conditionals. */
  private record Chunk(
      double[] features,
      double[] contexts,
      int size,
      Conditionals conditionals,
      double[] logProposal) {}

  /** Makes {@code width} numbers of each row of a chunk. */
  @FunctionalInterface
  private interface OfChunk {
    double[] compute(Chunk chunk, EnergyBlocks blocks);
  }

  /** The numbers of all rows, row after row. */
  private double[] map(Rows rows, Workers workers, OfChunk function) {
    double[] z = standardiser.features(rows.features());
    double[] c = standardiser.contexts(rows.context());
    int d = rows.features().columns();
    int width = rows.context().columns();
    int chunks = (rows.size() + CHUNK_ROWS - 1) / CHUNK_ROWS;
    List<double[]> parts =
        workers.map(
            chunks,
            k -> {
              int from = k * CHUNK_ROWS;
              int to = Math.min(rows.size(), from + CHUNK_ROWS);
              return chunk(
                  Arrays.copyOfRange(z, from * d, to * d),
                  Arrays.copyOfRange(c, from * width, to * width),
                  to - from,
                  function);
            });
    return parts.stream().flatMapToDouble(Arrays::stream).toArray();
  }

  private double[] chunk(double[] features, double[] contexts, int size, OfChunk function) {
    try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
      NDArray x = tape.constant(features, new Shape(size, nets.dimension()));
      Optional<NDArray> given =
          contexts.length == 0
              ? Optional.empty()
              : Optional.of(tape.constant(contexts, new Shape(size, contexts.length / size)));
      Conditionals conditionals =
          nets.conditioner().bind(Binding.evaluate(tape)).given(given).all(x);
      NDArray own = x.reshape(new Shape((long) size * nets.dimension(), 1));
      NDArray logProposal = nets.proposal().logDensity(own, conditionals.parameters()).add(0);
      Chunk chunk =
          new Chunk(
              features, contexts, size, conditionals, engine.hostView(logProposal).toDoubles());
      return function.compute(chunk, new EnergyBlocks(engine, nets, conditionals));
    }
  }

  /** log p as S importance samples estimate it, and what they say of themselves. */
  Estimates estimate(Rows rows, int samples, Seed seed, Workers workers) {
    int d = nets.dimension();
    int width = 4 + d;
    double[] all = map(rows, workers, (chunk, blocks) -> estimate(chunk, blocks, samples, seed));
    double[] jacobian = standardiser.logAbsDet(rows.features());
    int n = rows.size();
    Estimates out =
        new Estimates(
            new double[n], new double[n], new double[n], new double[n], new double[n * d]);
    for (int i = 0; i < n; i++) {
      int at = i * width;
      out.values[i] = all[at] + jacobian[i];
      out.standardErrors[i] = Math.sqrt(all[at + 1]);
      out.guarded[i] = all[at + 2] + jacobian[i];
      out.proposal[i] = all[at + 3] + jacobian[i];
      System.arraycopy(all, at + 4, out.effective, i * d, d);
    }
    return out;
  }

  private double[] estimate(Chunk chunk, EnergyBlocks blocks, int samples, Seed seed) {
    int d = nets.dimension();
    int width = 4 + d;
    EnergyBlocks.Values own = blocks.atPoints(chunk.features);
    Seed[] streams = new Seed[chunk.size * d];
    for (int i = 0; i < chunk.size; i++) {
      Seed[] ofRow = Streams.ofRow(seed, chunk.features, chunk.contexts, i, d);
      System.arraycopy(ofRow, 0, streams, i * d, d);
    }
    Weights[] weights = new ImportanceEstimate(blocks, nets.proposal()).weights(samples, streams);
    double[] out = new double[chunk.size * width];
    for (int i = 0; i < chunk.size; i++) {
      for (int j = 0; j < d; j++) {
        int g = i * d + j;
        Weights of = weights[g];
        out[i * width] += own.energies()[g] - of.logMean();
        out[i * width + 1] += of.variance();
        out[i * width + 3] += chunk.logProposal[g];
        out[i * width + 4 + j] = of.effective();
        of.add(own.energies()[g] - own.logSampled()[g]);
        out[i * width + 2] += own.energies()[g] - of.logMean();
      }
    }
    return out;
  }

  /** log q, in nats. */
  double[] proposal(Rows rows, Workers workers) {
    int d = nets.dimension();
    double[] each = map(rows, workers, (chunk, blocks) -> chunk.logProposal);
    return sums(rows, each, d);
  }

  /**
   * log p with each normaliser integrated numerically.
   *
   * @param tolerance of each log Z, in nats
   */
  double[] exact(Rows rows, double tolerance, Workers workers) {
    Quadrature quadrature = new Quadrature(nets.proposal(), range(), tolerance);
    double[] each =
        map(
            rows,
            workers,
            (chunk, blocks) -> {
              double[] out = normalisers(chunk, blocks, quadrature);
              double[] energies = blocks.atPoints(chunk.features).energies();
              Arrays.setAll(out, g -> energies[g] - out[g]);
              return out;
            });
    return sums(rows, each, nets.dimension());
  }

  /** log Z of every conditional, {@code N * D}, integrated numerically. */
  double[] logNormalisers(Rows rows, double tolerance, Workers workers) {
    Quadrature quadrature = new Quadrature(nets.proposal(), range(), tolerance);
    return map(rows, workers, (chunk, blocks) -> normalisers(chunk, blocks, quadrature));
  }

  /** Rows that begin alike share conditionals, the first column's always; each is done once. */
  private double[] normalisers(Chunk chunk, EnergyBlocks blocks, Quadrature quadrature) {
    int d = nets.dimension();
    Map<Seed, Double> done = new HashMap<>();
    double[] out = new double[chunk.size * d];
    for (int i = 0; i < chunk.size; i++) {
      Seed[] keys = Streams.ofPrefix(new Seed(0), chunk.features, chunk.contexts, i, d);
      for (int j = 0; j < d; j++) {
        int group = i * d + j;
        int column = j;
        out[group] =
            done.computeIfAbsent(keys[j], key -> quadrature.logNormaliser(blocks, group, column));
      }
    }
    return out;
  }

  /** What S samples say of every conditional: log Z and the effective number, {@code N * D * 2}. */
  double[] sampledNormalisers(Rows rows, int samples, Seed seed, Workers workers) {
    int d = nets.dimension();
    return map(
        rows,
        workers,
        (chunk, blocks) -> {
          Seed[] streams = new Seed[chunk.size * d];
          for (int i = 0; i < chunk.size; i++) {
            Seed[] own = Streams.ofRow(seed, chunk.features, chunk.contexts, i, d);
            System.arraycopy(own, 0, streams, i * d, d);
          }
          Weights[] weights =
              new ImportanceEstimate(blocks, nets.proposal()).weights(samples, streams);
          double[] out = new double[2 * weights.length];
          for (int g = 0; g < weights.length; g++) {
            out[2 * g] = weights[g].logMean();
            out[2 * g + 1] = weights[g].effective();
          }
          return out;
        });
  }

  /**
   * The density of kernels at the samples, and its standard error.
   *
   * @return value and variance of each row's log-density for each kernel, {@code N * K * 2}
   */
  double[] kernels(Rows rows, int samples, List<Kernel> kernels, Seed seed, Workers workers) {
    int d = nets.dimension();
    double[] out =
        map(
            rows,
            workers,
            (chunk, blocks) -> {
              Seed[] streams = new Seed[chunk.size * d];
              for (int i = 0; i < chunk.size; i++) {
                Seed[] own = Streams.ofPrefix(seed, chunk.features, chunk.contexts, i, d);
                System.arraycopy(own, 0, streams, i * d, d);
              }
              KernelEstimate estimate =
                  new KernelEstimate(kernels, chunk.features, chunk.logProposal);
              new ImportanceEstimate(blocks, nets.proposal()).visit(samples, streams, estimate);
              return estimate.logDensity(d);
            });
    double[] jacobian = standardiser.logAbsDet(rows.features());
    for (int i = 0; i < out.length; i += 2) {
      out[i] += jacobian[i / 2 / kernels.size()];
    }
    return out;
  }

  /** Which numbers, row after row, lie outside the box. */
  boolean[] outside(Rows rows) {
    double[] range = range();
    double[] z = standardiser.features(rows.features());
    int d = nets.dimension();
    boolean[] out = new boolean[z.length];
    for (int i = 0; i < z.length; i++) {
      // The box is stored in the engine's precision.
      double slack = 1e-6 * (1 + Math.abs(z[i]));
      out[i] = z[i] < range[2 * (i % d)] - slack || z[i] > range[2 * (i % d) + 1] + slack;
    }
    return out;
  }

  private double[] range() {
    try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
      return engine.hostView(tape.parameter(nets.range())).toDoubles();
    }
  }

  private double[] sums(Rows rows, double[] each, int d) {
    double[] out = standardiser.logAbsDet(rows.features());
    for (int g = 0; g < each.length; g++) {
      out[g / d] += each[g];
    }
    return out;
  }
}
