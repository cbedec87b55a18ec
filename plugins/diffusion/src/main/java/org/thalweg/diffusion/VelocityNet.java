package org.thalweg.diffusion;

import ai.djl.ndarray.NDArray;
import java.util.Optional;
import org.thalweg.api.density.Binding;

/**
 * What a diffusion learns: the velocity F(y, angle) of rows y = x(t) / v along the angle, which is
 * the mean of {@code sin x(0) - cos z} given y (Salimans and Ho, 2022, section 4). The score
 * follows from it, see {@link Velocity}. A net that gives 0 says that the data is standard normal.
 */
@FunctionalInterface
interface VelocityNet {
  /** The net with the parameters' current values. */
  Bound bind(Binding binding);

  /** The net on a tape. */
  @FunctionalInterface
  interface Bound {
    /**
     * F.
     *
     * @param y {@code [N, D]}
     * @param logRatio log(s / m), {@code [N, 1]}
     * @param context {@code [N, C]}, present where the model has one
     * @return {@code [N, D]}
     */
    Dual apply(Dual y, NDArray logRatio, Optional<NDArray> context);
  }
}
