package org.thalweg.diffusion;

import java.util.Arrays;

/**
 * Takes the noise's own fluctuation out of {@code |r|^2 - |z|^2}, where r is what a net leaves of
 * the noise z: the mean is that of {@code |r|^2 - d}, from which {@code c (|z|^2 - d)} may be taken
 * for any c that does not depend on z. Where nothing can be denoised r is z, and c = 1 is best;
 * where all can, c = 0. It is the mean of {@code |r|^2 / |z|^2} over a draw's neighbours, which
 * have noises of their own.
 */
final class ControlVariate {
  /** Neighbours on either side. */
  private static final int REACH = 3;

  private ControlVariate() {}

  /**
   * The terms of some draws, in the order of their times.
   *
   * @param residuals |r|^2 of each
   * @param noises |z|^2 of each
   * @param d the mean of |z|^2
   */
  static double[] apply(double[] residuals, double[] noises, int d, int from, int to) {
    double[] shares = new double[to - from];
    Arrays.setAll(
        shares, k -> Math.min(1, residuals[from + k] / Math.max(1e-30, noises[from + k])));
    double[] out = new double[to - from];
    for (int k = 0; k < out.length; k++) {
      int first = Math.max(0, k - REACH);
      int last = Math.min(out.length - 1, k + REACH);
      double sum = -shares[k];
      for (int l = first; l <= last; l++) {
        sum += shares[l];
      }
      double c = sum / (last - first);
      out[k] = residuals[from + k] - d - c * (noises[from + k] - d);
    }
    return out;
  }
}
