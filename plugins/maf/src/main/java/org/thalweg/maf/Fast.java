package org.thalweg.maf;

/** Which direction of an autoregressive transform takes one pass; the other takes one a column. */
public enum Fast {
  /** Data to noise, as in MAF: for training by maximum likelihood, and scoring. */
  DENSITY,
  /**
   * Noise to data, as in IAF (Kingma and others, 2016): for variational inference, and sampling.
   */
  SAMPLING
}
