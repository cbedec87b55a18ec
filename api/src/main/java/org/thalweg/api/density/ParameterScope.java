package org.thalweg.api.density;

import ai.djl.ndarray.types.Shape;

/** Where the parts of a model declare their parameters, before any is used. */
public interface ParameterScope {
  /** A scope whose parameters' names start with {@code name} and a dot. */
  ParameterScope child(String name);

  /**
   * Declares a parameter. The stream given to the initializer depends on the seed and on the full
   * name only, so that adding a part changes no other part's start.
   *
   * @throws org.thalweg.api.error.ThalwegException where the name is taken
   */
  Parameter parameter(String name, Shape shape, Initializer initializer);

  /** Declares an array that is stored with the model but not trained. */
  Parameter buffer(String name, Shape shape, Initializer initializer);

  /**
   * Declares an array of statistics of a part's input. It is stored with the model, and written in
   * the modes {@link Binding.Mode#INITIALISE} and {@link Binding.Mode#STATISTICS}. A model with one
   * is trained in whole batches, by one worker, as a share of a batch has other statistics.
   */
  Parameter statistic(String name, Shape shape, Initializer initializer);
}
