package org.thalweg.vi.gmm;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.thalweg.toolkit.infer.Special;

/** The density of a new row: a mixture of Student's t distributions (eqs 47 and 48). */
final class Predictive {
  private final MixturePosterior q;
  private final double[] logWeights;
  private final double[] freedom;

  /** What a squared distance in W is multiplied by; L_k without nu. */
  private final double[] shrink;

  private final double[] constants;

  Predictive(MixturePosterior q) {
    this.q = q;
    int k = q.size();
    int d = q.dimension();
    double total = Arrays.stream(q.alpha()).sum();
    logWeights = Arrays.stream(q.alpha()).map(a -> Math.log(a / total)).toArray();
    freedom = new double[k];
    shrink = new double[k];
    constants = new double[k];
    for (int i = 0; i < k; i++) {
      GaussWishart c = q.components().get(i);
      double nu = c.nu + 1 - d;
      freedom[i] = nu;
      shrink[i] = c.beta / (1 + c.beta);
      constants[i] =
          logWeights[i]
              + Special.logGamma((nu + d) / 2)
              - Special.logGamma(nu / 2)
              + 0.5 * (d * Math.log(shrink[i] / Math.PI) - c.factor.logDeterminant());
    }
  }

  int components() {
    return logWeights.length;
  }

  int dimension() {
    return q.dimension();
  }

  /** log (weight times density) of each component at the row from {@code offset} on, in nats. */
  double[] logParts(double[] x, int offset) {
    double[] out = new double[components()];
    double[] scratch = new double[dimension()];
    int d = dimension();
    for (int k = 0; k < out.length; k++) {
      GaussWishart c = q.components().get(k);
      double distance = shrink[k] * c.factor.squaredDistance(x, offset, c.mean, scratch);
      out[k] = constants[k] - (freedom[k] + d) / 2 * Math.log1p(distance);
    }
    return out;
  }

  /** A draw: a component, then a normal vector over the root of a chi-squared number. */
  double[] draw(SplittableRandom random) {
    double u = random.nextDouble();
    int k = 0;
    while (k < logWeights.length - 1 && u >= Math.exp(logWeights[k])) {
      u -= Math.exp(logWeights[k]);
      k++;
    }
    GaussWishart c = q.components().get(k);
    double[] z = new double[dimension()];
    for (int j = 0; j < z.length; j++) {
      z[j] = random.nextGaussian();
    }
    // The scale matrix is W^-1 / (nu shrink); a chi-squared number has mean nu.
    double chiSquared = 2 * gamma(freedom[k] / 2, random);
    double scale = 1 / Math.sqrt(shrink[k] * chiSquared);
    double[] out = c.factor.times(z);
    for (int j = 0; j < out.length; j++) {
      out[j] = c.mean[j] + scale * out[j];
    }
    return out;
  }

  /** A gamma variable of scale 1 (Marsaglia and Tsang, A simple method, 2000). */
  private static double gamma(double shape, SplittableRandom random) {
    if (shape < 1) {
      return gamma(shape + 1, random) * Math.pow(1 - random.nextDouble(), 1 / shape);
    }
    double d = shape - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = random.nextGaussian();
      double v = Math.pow(1 + c * x, 3);
      if (v > 0 && Math.log(1 - random.nextDouble()) < 0.5 * x * x + d * (1 - v + Math.log(v))) {
        return d * v;
      }
    }
  }
}
