package org.thalweg.api.density;

import ai.djl.ndarray.NDArray;

/** What a density or a transform is conditioned on. */
public sealed interface Context {
  /** Nothing. */
  record None() implements Context {}

  /**
   * A batch of contexts.
   *
   * @param rows {@code [N, context]}
   */
  record Of(NDArray rows) implements Context {}

  /** Nothing. */
  static Context none() {
    return new None();
  }

  /** A batch of contexts. */
  static Context of(NDArray rows) {
    return new Of(rows);
  }
}
