package org.thalweg.api.estimator;

import java.util.Set;
import org.thalweg.api.plugin.Provider;

/** Registers an estimator. */
public interface EstimatorProvider<C extends Record> extends Provider<C> {
  /** What its models can do. */
  Set<Capability> capabilities();

  /** Whether it models features given context columns. */
  boolean conditional();

  /** The estimator with these options. */
  Estimator create(C config, EstimatorContext context);

  /**
   * Rebuilds a model from what {@link Model#save} wrote.
   *
   * @throws org.thalweg.api.error.ThalwegException exit code 3, where the state does not fit
   */
  Model load(ModelReader reader, EstimatorContext context);
}
