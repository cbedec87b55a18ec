package org.thalweg.toolkit.nn;

import org.thalweg.api.density.Binding;

/** A trainable affine map, before it is bound to a tape. */
@FunctionalInterface
interface Layer {
  /** The map with the parameters' current values. */
  Dense bind(Binding binding);
}
