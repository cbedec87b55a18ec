package org.thalweg.api.transform;

import org.thalweg.api.plugin.Provider;

/** Registers a family of univariate maps. */
public interface UnivariateProvider<C extends Record> extends Provider<C> {
  /** The family with these options. */
  Univariate create(C config);
}
