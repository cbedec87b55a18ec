package org.thalweg.maf;

import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.toolkit.flow.InvertedTransform;

/** Which direction of a transform takes one pass; the other may take one a column, or more. */
public enum Fast {
  /** Data to noise, as in MAF: for training by maximum likelihood, and scoring. */
  DENSITY,
  /**
   * Noise to data, as in IAF (Kingma and others, 2016): for variational inference, and sampling.
   */
  SAMPLING;

  /** A transform that takes one pass forward, in this direction. */
  TrainableTransform direct(TrainableTransform transform) {
    return this == DENSITY ? transform : new InvertedTransform(transform);
  }
}
