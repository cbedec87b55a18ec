package org.thalweg.api.data;

/** Gaussian measurement errors of the features, row by row, in the columns' units. */
public sealed interface Noise {
  /** The features are taken as exact. */
  record None() implements Noise {}

  /**
   * Independent errors.
   *
   * @param standardDeviations {@code [N, D]}
   */
  record Diagonal(Matrix standardDeviations) implements Noise {}

  /**
   * Correlated errors.
   *
   * @param covariances {@code [N, D * D]}, each row a symmetric positive semi-definite matrix
   */
  record Full(Matrix covariances) implements Noise {}

  /** Exact features. */
  Noise NONE = new None();

  /** The noise of some rows, in the order given. */
  default Noise select(int[] indices) {
    if (this instanceof Diagonal diagonal) {
      return new Diagonal(diagonal.standardDeviations().select(indices));
    }
    if (this instanceof Full full) {
      return new Full(full.covariances().select(indices));
    }
    return this;
  }
}
