package org.thalweg.api.estimator;

import org.thalweg.api.data.Tensor;

/** Where a model or a checkpoint puts its state. */
public interface ModelWriter {
  /**
   * Adds a value.
   *
   * @param key a name, used once
   * @param value a string, a boolean, a number, or a list or map with string keys of such
   */
  void value(String key, Object value);

  /** Adds an array, under a name that is used once. */
  void tensor(String name, Tensor tensor);
}
