package org.thalweg.api.estimator;

import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.random.Seed;

/**
 * A model that maps rows to noise of a known distribution, the base: a normalising flow. What is
 * left between the two is exactly the model's error: the Kullback-Leibler divergence of the data
 * from the model is that of the mapped data from the base (Papamakarios and others, 2021, section
 * 2.3.3).
 */
public interface ToNoise {
  /**
   * z = f(x), the noise that rows stand for.
   *
   * @param rows finite rows in the user's units
   * @return {@code [N, D]}, in the base's units
   */
  Matrix toNoise(Rows rows);

  /**
   * Draws of the base, which is what {@link #toNoise} gives where the model is right.
   *
   * @param perContext K, the number of draws for each row of the context
   * @param context {@code [N, C]}; {@code [1, 0]} for an unconditional model
   * @param seed the origin of the draws
   * @return {@code [N * K, D]}, K consecutive rows for each row of the context
   */
  Matrix sampleBase(int perContext, Matrix context, Seed seed);
}
