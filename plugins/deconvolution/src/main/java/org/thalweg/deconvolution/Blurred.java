package org.thalweg.deconvolution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.stream.IntStream;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Context;
import org.thalweg.api.density.Density;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.train.TrainingRows;

/**
 * Noise-free rows that are made noisy by the errors of training rows, for the recognition net to
 * see through: as it is known what noise they were given, the net is trained by maximum likelihood.
 */
final class Blurred {
  /** Rows whose range is taken. */
  private static final int RANGE_ROWS = 10_000;

  private final Engine engine;
  private final DeconvNets nets;
  private final DeconvObjective objective;
  private final Range range;

  /**
   * Rows of one fit.
   *
   * @param nets the prior, the noise and the recognition net
   * @param objective has the training rows
   */
  Blurred(Engine engine, DeconvNets nets, DeconvObjective objective) {
    this.engine = engine;
    this.nets = nets;
    this.objective = objective;
    int[] some = objective.some(RANGE_ROWS);
    double[] rows = objective.batch(objective.rows().batch(some, 0), some).rows();
    this.range = Range.of(rows, nets.dimension());
  }

  /**
   * The weighted mean of the negative log-density, in nats, that the recognition net gives the
   * noise of such rows.
   *
   * @param clean rows without noise, one for each index
   * @param indices training rows whose errors and contexts are taken
   */
  NDArray loss(double[] clean, Binding binding, int[] indices, int epoch) {
    TrainingRows.Batch rows = objective.rows().batch(indices, epoch);
    NoisyBatch batch = objective.batch(rows, indices);
    double[] e = noise(clean.length, binding.seed().child("noise"));
    Shape shape = new Shape(indices.length, nets.dimension());
    NDArray u = binding.tape().constant(batch.back(clean, e), shape);
    NDArray each = nets.bind(binding, batch.madeNoisy(clean, e)).recognition().logDensity(u);
    return rows.mean(binding.tape(), each).neg();
  }

  /**
   * The same of rows that the prior draws, which gets no gradient. Draws that are not where the
   * training rows are teach nothing that is asked of the net, and a few that are far off would be
   * most of the loss: they are left out.
   */
  NDArray lossOfDraws(Binding binding, int[] indices, int epoch) {
    double[] v = drawn(indices, epoch, binding.seed().child("prior"));
    int[] inside = IntStream.range(0, indices.length).filter(i -> range.contains(v, i)).toArray();
    if (inside.length == 0) {
      return binding.tape().constant(new double[1], new Shape(1)).mean();
    }
    int d = nets.dimension();
    double[] kept = new double[inside.length * d];
    int[] theirs = new int[inside.length];
    for (int i = 0; i < inside.length; i++) {
      System.arraycopy(v, inside[i] * d, kept, i * d, d);
      theirs[i] = indices[inside[i]];
    }
    return loss(kept, binding, theirs, epoch);
  }

  private double[] drawn(int[] indices, int epoch, Seed seed) {
    double[] contexts = objective.rows().batch(indices, epoch).contexts();
    try (Tape apart = engine.newTape(Tape.Mode.EVALUATE)) {
      Density prior = nets.priorGiven(Binding.evaluate(apart), contexts);
      int each = nets.contexts() == 0 ? indices.length : 1;
      return engine.hostView(prior.sampleWithLogDensity(each, seed).value()).toDoubles();
    }
  }

  private double[] noise(int count, Seed seed) {
    try (Tape apart = engine.newTape(Tape.Mode.EVALUATE)) {
      return engine
          .hostView(
              nets.noise()
                  .bind(Binding.evaluate(apart))
                  .given(Context.none())
                  .sampleWithLogDensity(count, seed)
                  .value())
          .toDoubles();
    }
  }
}
