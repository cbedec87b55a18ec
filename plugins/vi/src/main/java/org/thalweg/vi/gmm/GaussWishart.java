package org.thalweg.vi.gmm;

import org.thalweg.toolkit.infer.Special;

/**
 * The distribution of a component's mean and precision: mu given Lambda is N(m, (beta Lambda)^-1),
 * and Lambda is Wishart(W, nu) (variational-inference paper, eqs 17 and 43).
 */
final class GaussWishart {
  final int dimension;
  final double beta;
  final double nu;
  final double[] mean;

  /** W^-1, {@code [D, D]}. */
  final double[] inverseScale;

  /** The factor of W^-1. */
  final LowerTriangle factor;

  GaussWishart(double beta, double nu, double[] mean, double[] inverseScale) {
    this.dimension = mean.length;
    this.beta = beta;
    this.nu = nu;
    this.mean = mean;
    this.inverseScale = inverseScale;
    this.factor = LowerTriangle.of(inverseScale, dimension);
  }

  /** The prior: m_0 = 0 and W_0 = I / width^2. */
  static GaussWishart prior(GmmVbConfig config, int dimension) {
    double[] inverseScale = new double[dimension * dimension];
    for (int j = 0; j < dimension; j++) {
      inverseScale[j * dimension + j] = config.width() * config.width();
    }
    return new GaussWishart(
        config.meanRows(),
        config.covarianceRows() + dimension - 1,
        new double[dimension],
        inverseScale);
  }

  /** What it becomes by rows (eq. 44). */
  GaussWishart after(Statistics.Component rows) {
    double n = rows.count();
    double[] m = new double[dimension];
    double[] inverse = inverseScale.clone();
    double between = beta * n / (beta + n);
    for (int i = 0; i < dimension; i++) {
      m[i] = (beta * mean[i] + n * rows.mean()[i]) / (beta + n);
      for (int j = 0; j < dimension; j++) {
        inverse[i * dimension + j] +=
            rows.scatter()[i * dimension + j]
                + between * (rows.mean()[i] - mean[i]) * (rows.mean()[j] - mean[j]);
      }
    }
    return new GaussWishart(beta + n, nu + n, m, inverse);
  }

  /** E log |Lambda| (eq. 29). */
  double expectedLogDeterminant() {
    double out = dimension * Math.log(2) - factor.logDeterminant();
    for (int i = 1; i <= dimension; i++) {
      out += Special.digamma((nu + 1 - i) / 2);
    }
    return out;
  }

  /**
   * KL(this || prior) in nats: the divergence of the Gaussian given the precision, averaged, and
   * that of the Wishart (Bishop, Pattern Recognition and Machine Learning, 2006, eqs 10.74, 10.77,
   * B.79 to B.82).
   */
  double divergence(GaussWishart prior) {
    int d = dimension;
    double away = factor.squaredDistance(mean, 0, prior.mean, new double[d]);
    double gaussian =
        0.5 * (d * (Math.log(beta / prior.beta) - 1 + prior.beta / beta) + prior.beta * nu * away);
    double wishart =
        logNormaliser()
            - prior.logNormaliser()
            + (nu - prior.nu) / 2 * expectedLogDeterminant()
            - nu * d / 2
            + nu / 2 * traceWith(prior);
    return gaussian + wishart;
  }

  /** tr(W_0^-1 W), by the columns of the prior's factor: the sum of their squared lengths. */
  private double traceWith(GaussWishart prior) {
    double out = 0;
    double[] column = new double[dimension];
    double[] scratch = new double[dimension];
    double[] zero = new double[dimension];
    for (int j = 0; j < dimension; j++) {
      for (int i = 0; i < dimension; i++) {
        column[i] = prior.factor.values()[i * dimension + j];
      }
      out += factor.squaredDistance(column, 0, zero, scratch);
    }
    return out;
  }

  /** log B(W, nu), the Wishart's normalising constant. */
  private double logNormaliser() {
    double out = nu / 2 * factor.logDeterminant();
    out -= nu * dimension / 2 * Math.log(2);
    out -= dimension * (dimension - 1) / 4.0 * Math.log(Math.PI);
    for (int i = 1; i <= dimension; i++) {
      out -= Special.logGamma((nu + 1 - i) / 2);
    }
    return out;
  }
}
