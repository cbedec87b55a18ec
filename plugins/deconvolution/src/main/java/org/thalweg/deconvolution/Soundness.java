package org.thalweg.deconvolution;

/** What a method needs of the covariance of a row's errors. */
enum Soundness {
  /** No direction may have a negative variance; a feature without error is allowed. */
  SEMI_DEFINITE,
  /** Every direction has an error: its density is divided by. */
  DEFINITE
}
