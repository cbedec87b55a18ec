package org.thalweg.harness.acceptance;

import org.thalweg.api.data.Matrix;

/** A density that a neural one must beat. */
interface Baseline {
  /** The log-density of each row, in nats. */
  double[] logDensity(Matrix rows);
}
