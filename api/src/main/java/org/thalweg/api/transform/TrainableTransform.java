package org.thalweg.api.transform;

import org.thalweg.api.density.Binding;

/** A transform with parameters, before it is bound to a computation. */
@FunctionalInterface
public interface TrainableTransform {
  /** The transform on a tape, with the parameters' current values. */
  ConditionalTransform bind(Binding binding);
}
