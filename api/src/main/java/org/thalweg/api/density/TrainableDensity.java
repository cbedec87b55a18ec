package org.thalweg.api.density;

import org.thalweg.api.transform.Support;

/**
 * A density with parameters, before it is bound to a computation. This is what flows are to
 * everyone else: estimators and inference methods train several jointly, under their own losses.
 */
@FunctionalInterface
public interface TrainableDensity {
  /** The density on a tape, with the parameters' current values. */
  ConditionalDensity bind(Binding binding);

  /** The set that each number of an event lies in; the whole line unless it says otherwise. */
  default Support support() {
    return Support.REAL;
  }
}
