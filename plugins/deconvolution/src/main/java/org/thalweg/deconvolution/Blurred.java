package org.thalweg.deconvolution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Optional;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Context;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.train.TrainingRows;

/**
 * Noise-free rows that are made noisy by the errors of training rows, for the recognition net to
 * see through: as it is known what noise they were given, the net is trained by maximum likelihood.
 *
 * @param engine what draws
 * @param nets the prior, the noise and the recognition net
 * @param objective has the training rows
 */
record Blurred(Engine engine, DeconvNets nets, DeconvObjective objective) {
  /**
   * The mean negative log-density, in nats, that the recognition net gives the noise of such rows.
   * The prior that draws them gets no gradient.
   *
   * @param clean rows without noise, in place of what the prior draws
   * @param indices training rows whose errors are taken
   */
  NDArray loss(Optional<CleanRows> clean, Binding binding, int[] indices, int epoch) {
    int d = nets.dimension();
    Seed seed = binding.seed();
    TrainingRows.Batch rows = objective.rows().batch(indices, epoch);
    NoisyBatch batch = objective.batch(rows, indices);
    double[] v =
        clean
            .map(all -> all.of(indices, seed.child("clean")))
            .orElseGet(() -> drawn(batch, indices.length, seed.child("prior")));
    double[] e = noise(indices.length * d, seed.child("noise"));
    NDArray u = binding.tape().constant(e, new Shape(indices.length, d)).neg();
    return nets.bind(binding, batch.madeNoisy(v, e)).recognition().logDensity(u).mean().neg();
  }

  private double[] drawn(NoisyBatch batch, int count, Seed seed) {
    try (Tape apart = engine.newTape(Tape.Mode.EVALUATE)) {
      DeconvNets.Bound bound = nets.bind(Binding.evaluate(apart), batch);
      int each = nets.contexts() == 0 ? count : 1;
      return engine.hostView(bound.prior().sampleWithLogDensity(each, seed).value()).toDoubles();
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
