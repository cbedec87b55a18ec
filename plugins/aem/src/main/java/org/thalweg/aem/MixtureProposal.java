package org.thalweg.aem;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.thalweg.api.engine.Tape;
import org.thalweg.toolkit.nn.Ops;

/**
 * A mixture of M Gaussians whose logits, means and widths the masked net gives (Durkan and Nash,
 * 2019, section 3.2 and appendix B).
 *
 * <p>It may be defended: a share of the samples then comes from one wide Gaussian, so that no
 * importance weight is large where the mixture is next to nothing (Hesterberg, 1995). That is no
 * part of the paper's method.
 */
final class MixtureProposal implements Proposal {
  /** Keeps a component from shrinking onto one point (appendix B). */
  static final double SMALLEST_SCALE = 1e-3;

  /** The s.d. of the wide Gaussian, in those of the column. */
  static final double WIDE = 3;

  private static final double HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

  /** Standard deviations beyond which a Gaussian draws nothing: once in 1e23. */
  private static final double FAR = 10;

  /** Where a component is looked at closely, in its standard deviations from its mean. */
  private static final double[] STEPS = {-6, -4, -2.5, -1.5, -0.7, 0, 0.7, 1.5, 2.5, 4, 6};

  private final int components;
  private final double defensive;

  MixtureProposal(int components, double defensive) {
    this.components = components;
    this.defensive = defensive;
  }

  @Override
  public int outputs() {
    return 3 * components;
  }

  /** Equal weights, and means spread over where standardised data lies. */
  @Override
  public double[] start() {
    double[] out = new double[3 * components];
    for (int m = 0; m < components; m++) {
      out[components + m] = components == 1 ? 0 : -1.5 + 3.0 * m / (components - 1);
      out[2 * components + m] = Math.log(Math.expm1(1 - SMALLEST_SCALE));
    }
    return out;
  }

  @Override
  public NDArray parameters(Tape tape, NDArray outputs) {
    return outputs.reshape(new Shape(-1, outputs()));
  }

  @Override
  public NDArray parameters(Tape tape, NDArray outputs, int column) {
    return outputs;
  }

  @Override
  public NDArray logDensity(NDArray points, NDArray parameters) {
    NDList three = parameters.split(3, 1);
    NDArray scale = Ops.softplus(three.get(2)).add(Ops.number(points, SMALLEST_SCALE));
    NDArray constant = Ops.number(points, HALF_LOG_TWO_PI);
    NDArray height = Ops.logSoftmax(three.get(0)).sub(scale.log()).sub(constant);
    NDArray z = points.expandDims(2).sub(three.get(1).expandDims(1)).div(scale.expandDims(1));
    return Ops.logSumExp(z.square().mul(Ops.number(points, -0.5)).add(height.expandDims(1)), 2);
  }

  @Override
  public NDArray logSampled(NDArray points, NDArray logDensity) {
    if (defensive == 0) {
      return logDensity;
    }
    NDArray wide = points.square().mul(-0.5 / (WIDE * WIDE)).sub(HALF_LOG_TWO_PI + Math.log(WIDE));
    NDArray both =
        NDArrays.stack(
            new NDList(logDensity.add(Math.log1p(-defensive)), wide.add(Math.log(defensive))), 2);
    return Ops.logSumExp(both, 2);
  }

  @Override
  public void draw(
      double[] parameters, int group, SplittableRandom random, double[] out, int from, int count) {
    int at = group * 3 * components;
    double[] cumulative = cumulative(parameters, at);
    for (int i = from; i < from + count; i++) {
      double u = random.nextDouble();
      double noise = random.nextGaussian();
      if (u < defensive) {
        out[i] = WIDE * noise;
      } else {
        int m = component(cumulative, (u - defensive) / (1 - defensive));
        out[i] = parameters[at + components + m] + scale(parameters, at, m) * noise;
      }
    }
  }

  @Override
  public double[] reach(double[] parameters, int group) {
    int at = group * 3 * components;
    double[] reach = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
    for (int m = 0; m < components; m++) {
      double width = FAR * scale(parameters, at, m);
      reach[0] = Math.min(reach[0], parameters[at + components + m] - width);
      reach[1] = Math.max(reach[1], parameters[at + components + m] + width);
    }
    if (defensive > 0) {
      reach[0] = Math.min(reach[0], -FAR * WIDE);
      reach[1] = Math.max(reach[1], FAR * WIDE);
    }
    return reach;
  }

  /** Each mean, and some standard deviations to both sides. */
  @Override
  public double[] details(double[] parameters, int group) {
    int at = group * 3 * components;
    double[] out = new double[components * STEPS.length];
    for (int m = 0; m < components; m++) {
      for (int k = 0; k < STEPS.length; k++) {
        out[m * STEPS.length + k] =
            parameters[at + components + m] + STEPS[k] * scale(parameters, at, m);
      }
    }
    return out;
  }

  private double scale(double[] parameters, int at, int m) {
    double raw = parameters[at + 2 * components + m];
    return SMALLEST_SCALE + Math.max(raw, 0) + Math.log1p(Math.exp(-Math.abs(raw)));
  }

  private double[] cumulative(double[] parameters, int at) {
    double highest = Arrays.stream(parameters, at, at + components).max().orElseThrow();
    double[] out = new double[components];
    double sum = 0;
    for (int m = 0; m < components; m++) {
      sum += Math.exp(parameters[at + m] - highest);
      out[m] = sum;
    }
    return out;
  }

  private static int component(double[] cumulative, double u) {
    double wanted = u * cumulative[cumulative.length - 1];
    int m = 0;
    while (m < cumulative.length - 1 && cumulative[m] <= wanted) {
      m++;
    }
    return m;
  }
}
