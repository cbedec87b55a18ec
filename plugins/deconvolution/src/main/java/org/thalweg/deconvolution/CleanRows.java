package org.thalweg.deconvolution;

import java.util.SplittableRandom;
import org.thalweg.api.random.Seed;

/** Rows without noise, standardised, that nets are trained on before they see noisy ones. */
@FunctionalInterface
interface CleanRows {
  /**
   * One for each of some training rows.
   *
   * @param rows indices of training rows
   * @param seed of what is drawn
   * @return {@code [rows, D]}, row-major
   */
  double[] of(int[] rows, Seed seed);

  /**
   * The training rows themselves.
   *
   * @param all {@code [n, D]}, in the order of the training rows
   */
  static CleanRows known(double[] all, int d) {
    return (rows, seed) -> {
      double[] out = new double[rows.length * d];
      for (int i = 0; i < rows.length; i++) {
        System.arraycopy(all, rows[i] * d, out, i * d, d);
      }
      return out;
    };
  }

  /** Fresh draws of a mixture. */
  static CleanRows drawn(Mixture mixture) {
    GaussianDraws draws = GaussianDraws.of(mixture);
    return (rows, seed) -> {
      SplittableRandom random = seed.generator();
      double[] out = new double[rows.length * mixture.dimension()];
      for (int i = 0; i < rows.length; i++) {
        draws.into(out, i * mixture.dimension(), random);
      }
      return out;
    };
  }
}
