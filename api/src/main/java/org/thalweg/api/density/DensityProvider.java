package org.thalweg.api.density;

import org.thalweg.api.plugin.Provider;

/** Registers a trainable density. */
public interface DensityProvider<C extends Record> extends Provider<C> {
  /** Declares the parameters in the context's scope and builds the density. */
  TrainableDensity create(C config, BuildContext context);

  /** Whether what it creates is a {@link Flow} once it is bound and given a context. */
  default boolean flow() {
    return false;
  }
}
