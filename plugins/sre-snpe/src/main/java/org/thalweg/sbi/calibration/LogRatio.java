package org.thalweg.sbi.calibration;

import org.thalweg.api.data.Matrix;

/**
 * The log of posterior over prior, which is that of likelihood over evidence: what a posterior says
 * of parameters once it has seen data, whichever way it was learnt.
 */
@FunctionalInterface
public interface LogRatio {
  /**
   * The ratios of pairs.
   *
   * @param parameters {@code [N, P]}
   * @param observations {@code [N, X]}
   * @return N numbers in nats, up to a number that depends on the observation alone
   */
  double[] of(Matrix parameters, Matrix observations);
}
