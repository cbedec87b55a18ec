package org.thalweg.bench.vae;

import ai.djl.ndarray.NDArray;
import java.util.SplittableRandom;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.density.Binding;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.train.Objective;
import org.thalweg.toolkit.train.Share;
import org.thalweg.toolkit.train.Workers;

/**
 * The negative evidence lower bound of images that are made binary anew in each step; the last
 * weights are kept.
 *
 * @param vae what is trained
 * @param images the probability of each pixel, one image a row
 * @param beta how much the divergence of posterior and prior counts (Durkan and Nash, 2019, eq. 12)
 */
record VaeObjective(Vae vae, Matrix images, double beta) implements Objective {
  @Override
  public int trainingRows() {
    return images.rows();
  }

  @Override
  public int validationRows() {
    return 0;
  }

  @Override
  public NDArray loss(Tape tape, Share share) {
    double[] x = binary(images.select(share.rows()), share.seed().child("pixels"));
    Binding binding = new Binding(tape, Binding.Mode.TRAIN, share.seed());
    return vae.draw(binding, x, 1).bounds(beta).mean().neg();
  }

  /** Each pixel is 1 with its probability. */
  static double[] binary(Matrix images, Seed seed) {
    SplittableRandom random = seed.generator();
    double[] out = new double[images.values().length];
    for (int i = 0; i < out.length; i++) {
      out[i] = random.nextDouble() < images.values()[i] ? 1 : 0;
    }
    return out;
  }

  @Override
  public double validate(Workers workers) {
    return Double.NaN;
  }
}
