package org.thalweg.deconvolution;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.thalweg.api.data.Rows;
import org.thalweg.api.density.Binding;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Standardiser;
import org.thalweg.toolkit.train.Workers;

/** Draws of noise-free rows with their weights, and what follows of them, for rows of a table. */
final class BoundScoring {
  /** Draws in one chunk; a row with more is a chunk of its own, in several parts. */
  private static final int MOST_DRAWS = 8192;

  private final Engine engine;
  private final DeconvNets nets;
  private final Errors errors;
  private final Standardiser standardiser;
  private final double defensive;

  BoundScoring(
      Engine engine, DeconvNets nets, Errors errors, Standardiser standardiser, double defensive) {
    this.engine = engine;
    this.nets = nets;
    this.errors = errors;
    this.standardiser = standardiser;
    this.defensive = defensive;
  }

  /**
   * Draws of some rows.
   *
   * @param values standardised, {@code [rows, K, D]}; empty where they were not asked for
   * @param logWeights {@code [rows, K]}
   */
  record Drawn(double[] values, double[] logWeights) {}

  /**
   * L_IW(K) of each row with its standard error, by the delta method: that of the mean of the
   * ratios over the mean.
   */
  LogDensity.Scores observed(Rows rows, int k, Seed seed, Workers workers) {
    NoisyRows noisy = errors.of(rows, standardiser);
    double[] values = new double[rows.size()];
    double[] deviations = new double[rows.size()];
    forEachChunk(
        rows,
        noisy,
        k,
        false,
        seed,
        workers,
        (from, drawn) -> {
          for (int i = 0; i < drawn.logWeights().length / k; i++) {
            double[] own = Arrays.copyOfRange(drawn.logWeights(), i * k, (i + 1) * k);
            boolean sound = noisy.fault(from + i).isEmpty();
            values[from + i] = sound ? logMean(own) + noisy.logAbsDet(from + i) : Double.NaN;
            deviations[from + i] = sound ? relativeError(own) : Double.NaN;
          }
        });
    return new LogDensity.Scores(values, Optional.of(deviations));
  }

  /** Takes the draws of consecutive rows. */
  @FunctionalInterface
  interface Consumer {
    /** The draws of the rows from {@code from} on. */
    void accept(int from, Drawn drawn);
  }

  /** Draws K noise-free rows for each row, in chunks that do not depend on the workers. */
  void forEachChunk(
      Rows rows,
      NoisyRows noisy,
      int k,
      boolean keepValues,
      Seed seed,
      Workers workers,
      Consumer consumer) {
    int n = rows.size();
    double[] z = standardiser.features(rows.features());
    double[] c = standardiser.contexts(rows.context());
    int together = Math.max(1, MOST_DRAWS / k);
    int chunks = (n + together - 1) / together;
    List<Drawn> all =
        workers.map(
            chunks,
            i -> {
              int from = i * together;
              int to = Math.min(n, from + together);
              return draw(noisy, z, c, from, to, k, keepValues, seed.child(i));
            });
    for (int i = 0; i < chunks; i++) {
      consumer.accept(i * together, all.get(i));
    }
  }

  private Drawn draw(
      NoisyRows noisy,
      double[] z,
      double[] c,
      int from,
      int to,
      int k,
      boolean keepValues,
      Seed seed) {
    int d = nets.dimension();
    int width = nets.contexts();
    NoisyBatch batch =
        NoisyBatch.of(
            noisy,
            Arrays.copyOfRange(z, from * d, to * d),
            Arrays.copyOfRange(c, from * width, to * width),
            width,
            IntStream.range(from, to).toArray());
    List<Drawn> parts = new ArrayList<>();
    // Only a chunk of one row has more draws than fit.
    for (int done = 0; done < k; done += MOST_DRAWS) {
      int some = Math.min(MOST_DRAWS, k - done);
      try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
        DeconvNets.Bound.Weighted drawn =
            nets.bind(Binding.evaluate(tape), batch).draw(some, defensive, seed.child(done));
        NDArray values = drawn.values();
        parts.add(
            new Drawn(
                keepValues ? engine.hostView(values).toDoubles() : new double[0],
                engine.hostView(drawn.logWeights()).toDoubles()));
      }
    }
    return parts.size() == 1
        ? parts.get(0)
        : new Drawn(
            parts.stream().flatMapToDouble(p -> Arrays.stream(p.values())).toArray(),
            parts.stream().flatMapToDouble(p -> Arrays.stream(p.logWeights())).toArray());
  }

  /** The logarithm of the mean of exponentials. */
  static double logMean(double[] logs) {
    double most = Arrays.stream(logs).max().orElse(0);
    double sum = 0;
    for (double log : logs) {
      sum += Math.exp(log - most);
    }
    return most + Math.log(sum / logs.length);
  }

  private static double relativeError(double[] logs) {
    int k = logs.length;
    double most = Arrays.stream(logs).max().orElse(0);
    double[] ratios = Arrays.stream(logs).map(log -> Math.exp(log - most)).toArray();
    double mean = Arrays.stream(ratios).sum() / k;
    double squares = Arrays.stream(ratios).map(r -> (r - mean) * (r - mean)).sum();
    return Math.sqrt(squares / (k - 1) / k) / mean;
  }
}
