package org.thalweg.aem;

import java.util.List;

/**
 * A Gaussian kernel at every importance sample, weighted as it is, mixed with the proposal (Durkan
 * and Nash, 2019, section 4.3):
 *
 * <pre>p(x) = (1 - m) sum_s w_s N(x; x_s, h^2) / sum_s w_s + m q(x)</pre>
 *
 * It integrates to one for any samples.
 */
final class KernelEstimate implements ImportanceEstimate.Visitor {
  private final List<Kernel> kernels;
  private final double[] points;
  private final double[] logProposal;
  private final Sums[] sums;

  KernelEstimate(List<Kernel> kernels, double[] points, double[] logProposal) {
    this.kernels = kernels;
    this.points = points;
    this.logProposal = logProposal;
    this.sums = new Sums[points.length];
  }

  /** Sums over samples relative to the largest weight: of w and w^2, and with kernels' heights. */
  private static final class Sums {
    private double highest = Double.NEGATIVE_INFINITY;
    private double weight;
    private double square;
    private final double[] height;
    private final double[] squareHeight;
    private final double[] squareHeights;

    Sums(int kernels) {
      height = new double[kernels];
      squareHeight = new double[kernels];
      squareHeights = new double[kernels];
    }

    void scale(double logWeight) {
      double f = Math.exp(highest - logWeight);
      highest = logWeight;
      weight *= f;
      square *= f * f;
      for (int k = 0; k < height.length; k++) {
        height[k] *= f;
        squareHeight[k] *= f * f;
        squareHeights[k] *= f * f;
      }
    }
  }

  @Override
  public void see(int group, double[] drawn, EnergyBlocks.Values values, int from, int count) {
    if (sums[group] == null) {
      sums[group] = new Sums(kernels.size());
    }
    Sums of = sums[group];
    for (int i = from; i < from + count; i++) {
      double logWeight = values.energies()[i] - values.logSampled()[i];
      if (logWeight > of.highest) {
        of.scale(logWeight);
      }
      double w = Math.exp(logWeight - of.highest);
      of.weight += w;
      of.square += w * w;
      for (int k = 0; k < kernels.size(); k++) {
        double h = kernels.get(k).bandwidth();
        double z = (points[group] - drawn[i]) / h;
        double height = Math.exp(-0.5 * z * z) / (h * Math.sqrt(2 * Math.PI));
        of.height[k] += w * height;
        of.squareHeight[k] += w * w * height;
        of.squareHeights[k] += w * w * height * height;
      }
    }
  }

  /** Value and variance of the log-density of each row and kernel, {@code N * K * 2}. */
  double[] logDensity(int d) {
    int width = kernels.size();
    double[] out = new double[points.length / d * width * 2];
    for (int g = 0; g < points.length; g++) {
      Sums of = sums[g];
      for (int k = 0; k < width; k++) {
        double mix = kernels.get(k).mix();
        double mean = of.height[k] / of.weight;
        double logKernels = Math.log(mean) + Math.log1p(-mix);
        double logQ = logProposal[g] + Math.log(mix);
        double most = Math.max(logKernels, logQ);
        double value = most + Math.log(Math.exp(logKernels - most) + Math.exp(logQ - most));
        // Of a ratio of sums, to first order: sum of w^2 (height - mean)^2 over (sum of w)^2.
        double spread =
            of.squareHeights[k] - 2 * mean * of.squareHeight[k] + mean * mean * of.square;
        double share = mean == 0 ? 0 : Math.exp(logKernels - value) / mean;
        int at = (g / d * width + k) * 2;
        out[at] += value;
        out[at + 1] += share * share * Math.max(0, spread) / (of.weight * of.weight);
      }
    }
    return out;
  }
}
