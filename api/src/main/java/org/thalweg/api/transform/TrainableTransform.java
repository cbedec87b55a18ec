package org.thalweg.api.transform;

import org.thalweg.api.density.Binding;

/** A transform with parameters, before it is bound to a computation. */
@FunctionalInterface
public interface TrainableTransform {
  /** The transform on a tape, with the parameters' current values. */
  ConditionalTransform bind(Binding binding);

  /** The set that each number of an event lies in on the data side; the line unless it says so. */
  default Support domain() {
    return Support.REAL;
  }

  /** The set that each number of an event lies in on the noise side; the line unless it says so. */
  default Support codomain() {
    return Support.REAL;
  }
}
