package org.thalweg.deconvolution;

/** What to do with a row whose covariance of errors is not positive definite. */
public enum Repair {
  /** The fit is refused with the row's number; such a row is not scored. */
  REFUSE,
  /**
   * The eigenvalues of its correlation matrix are raised to a floor, which gives the nearest sound
   * matrix in the Frobenius norm (Higham, 1988, section 3), scaled back to the given variances.
   */
  NEAREST
}
