package org.thalweg.api.inference;

import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.api.plugin.Provider;

/** Registers an inference method. */
public interface InferenceProvider<C extends Record> extends Provider<C> {
  /** The kind of problem that it takes. */
  Class<? extends Problem> problemType();

  /**
   * Whether more rounds make the posterior of one observation better; a method that is not
   * sequential takes one round.
   */
  default boolean sequential() {
    return false;
  }

  /** The method with these options. */
  Inference create(C config, EstimatorContext context);

  /** Rebuilds a posterior of a problem from what {@link Posterior#save} wrote. */
  Posterior load(Problem problem, ModelReader reader, EstimatorContext context);
}
