package org.thalweg.app.report;

import org.thalweg.api.data.Matrix;

/**
 * The density of two columns, smoothed from a sample by a product of Gaussian kernels whose widths
 * are {@code s n^(-1/6)} of each column's standard deviation s (Scott, 1992).
 */
final class KernelDensity {
  private final Matrix sample;
  private final double[] widths = new double[2];

  /** Of a sample {@code [N, 2]} of at least two rows. */
  KernelDensity(Matrix sample) {
    this.sample = sample;
    for (int j = 0; j < 2; j++) {
      double deviation = Moments.of(sample.column(j)).standardDeviation();
      double width = deviation * Math.pow(sample.rows(), -1.0 / 6);
      widths[j] = width > 0 ? width : 1;
    }
  }

  /** The width of a column's kernel, in its unit. */
  double width(int column) {
    return widths[column];
  }

  /** The log-density at points {@code [M, 2]}, in nats. */
  double[] logDensity(Matrix points) {
    double normaliser = 2 * Math.PI * widths[0] * widths[1] * sample.rows();
    double[] out = new double[points.rows()];
    for (int m = 0; m < out.length; m++) {
      double sum = 0;
      for (int i = 0; i < sample.rows(); i++) {
        double x = (points.get(m, 0) - sample.get(i, 0)) / widths[0];
        double y = (points.get(m, 1) - sample.get(i, 1)) / widths[1];
        double square = x * x + y * y;
        // Further kernels do not show.
        sum += square < 60 ? Math.exp(-0.5 * square) : 0;
      }
      out[m] = Math.log(sum / normaliser);
    }
    return out;
  }
}
