package org.thalweg.api.plugin;

import java.util.List;
import org.thalweg.api.density.DensityProvider;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.inference.InferenceProvider;
import org.thalweg.api.inference.SimulatorProvider;
import org.thalweg.api.inference.TargetProvider;
import org.thalweg.api.transform.TransformProvider;
import org.thalweg.api.transform.UnivariateProvider;

/**
 * What a jar adds. It is found with {@link java.util.ServiceLoader}: by {@code provides} in a
 * module, by {@code META-INF/services} elsewhere. A new kind of extension is one more method with a
 * default, so that old plugins stay compatible.
 */
public interface ThalwegPlugin {
  /** Univariate families, for autoregressive and coupling transforms. */
  default List<UnivariateProvider<?>> univariates() {
    return List.of();
  }

  /** Transforms of whole events. */
  default List<TransformProvider<?>> transforms() {
    return List.of();
  }

  /** Trainable densities. */
  default List<DensityProvider<?>> densities() {
    return List.of();
  }

  /** Estimators. */
  default List<EstimatorProvider<?>> estimators() {
    return List.of();
  }

  /** Inference methods. */
  default List<InferenceProvider<?>> inferences() {
    return List.of();
  }

  /** Simulators with their priors. */
  default List<SimulatorProvider<?>> simulators() {
    return List.of();
  }

  /** Log-densities. */
  default List<TargetProvider<?>> targets() {
    return List.of();
  }
}
