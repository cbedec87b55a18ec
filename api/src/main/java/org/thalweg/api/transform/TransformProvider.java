package org.thalweg.api.transform;

import org.thalweg.api.density.BuildContext;
import org.thalweg.api.plugin.Provider;

/** Registers a transform of whole events. */
public interface TransformProvider<C extends Record> extends Provider<C> {
  /** Declares the parameters in the context's scope and builds the transform. */
  TrainableTransform create(C config, BuildContext context);
}
