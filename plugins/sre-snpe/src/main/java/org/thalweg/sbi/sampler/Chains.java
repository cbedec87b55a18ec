package org.thalweg.sbi.sampler;

import org.thalweg.api.data.Matrix;

/**
 * What chains drew.
 *
 * @param draws one matrix {@code [draws, P]} a chain
 * @param evaluations calls of the potential
 * @param points points that these calls evaluated
 * @param acceptance the share of proposals that were taken up; 1 for slice sampling
 */
public record Chains(Matrix[] draws, long evaluations, long points, double acceptance) {
  /** All draws {@code [chains * draws, P]}, the first of each chain before the second of any. */
  public Matrix together() {
    int chains = draws.length;
    int each = draws[0].rows();
    int p = draws[0].columns();
    double[] out = new double[chains * each * p];
    for (int c = 0; c < chains; c++) {
      for (int i = 0; i < each; i++) {
        System.arraycopy(draws[c].values(), i * p, out, (i * chains + c) * p, p);
      }
    }
    return new Matrix(chains * each, p, out);
  }

  /** One coordinate as {@code [chains][draws]}, for diagnostics. */
  public double[][] coordinate(int d) {
    double[][] out = new double[draws.length][];
    for (int c = 0; c < draws.length; c++) {
      out[c] = draws[c].column(d);
    }
    return out;
  }
}
