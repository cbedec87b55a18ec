package org.thalweg.api.data;

/** What a column is for. */
public enum Role {
  /** Modelled: the density is over these columns. */
  FEATURE,
  /** Conditioned on. */
  CONTEXT,
  /** The standard deviation of one feature's measurement error, in the feature's unit. */
  NOISE_SD,
  /** One entry of the covariance of the measurement errors. */
  NOISE_COV,
  /** A class; used where a method is supervised, and kept out of the features. */
  LABEL,
  /** A non-negative weight of the row. */
  WEIGHT,
  /** Carried along, not used. */
  IGNORE
}
