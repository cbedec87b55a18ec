package org.thalweg.bench.contrastive;

import org.thalweg.api.data.Matrix;
import org.thalweg.api.random.Seed;
import org.thalweg.sbi.sampler.Potential;
import org.thalweg.sbi.sampler.SliceSampler;
import org.thalweg.sbi.sampler.WeightedDraws;

/** The nonlinear Gaussian's exact posterior, from its likelihood. */
final class NonlinearGaussian {
  static final double[] TRUTH = {-0.7, -2.9, -1.0, -0.9, 0.6};
  static final double[] OBSERVATION = {
    -0.97071232,
    -2.94612244,
    -0.44947218,
    -3.42318484,
    -0.13285634,
    -3.36401699,
    -0.85367595,
    -2.42716377
  };

  private static final int CHAINS = 1000;

  /** Draws of the prior whose weights choose the chains' starts, so that no mode is missed. */
  private static final int CANDIDATES = 1_000_000;

  private NonlinearGaussian() {}

  /** The log-likelihood of five parameters, in nats (thesis notes, B9.1). */
  static double logLikelihood(double[] theta, int from) {
    double s1 = Math.max(1e-6, theta[from + 2] * theta[from + 2]);
    double s2 = Math.max(1e-6, theta[from + 3] * theta[from + 3]);
    double rho = Math.tanh(theta[from + 4]);
    double rest = 1 - rho * rho;
    double sum = -4 * (Math.log(s1) + Math.log(s2) + 0.5 * Math.log(rest) + Math.log(2 * Math.PI));
    for (int i = 0; i < 4; i++) {
      double u = (OBSERVATION[2 * i] - theta[from]) / s1;
      double v = (OBSERVATION[2 * i + 1] - theta[from + 1]) / s2;
      sum -= 0.5 * (u * u - 2 * rho * u * v + v * v) / rest;
    }
    return sum;
  }

  /** Draws {@code [n, 5]}: the last points of long chains. */
  static Matrix posterior(int n) {
    Potential potential =
        new Potential() {
          @Override
          public int dimension() {
            return 5;
          }

          @Override
          public double[] logDensity(int[] chains, double[] points) {
            double[] out = new double[chains.length];
            for (int i = 0; i < out.length; i++) {
              boolean inside = true;
              for (int d = 5 * i; d < 5 * i + 5; d++) {
                inside &= Math.abs(points[d]) < 3;
              }
              out[i] = inside ? logLikelihood(points, 5 * i) : Double.NEGATIVE_INFINITY;
            }
            return out;
          }
        };
    var random = new Seed(2020).generator();
    double[] candidates = new double[5 * CANDIDATES];
    for (int i = 0; i < candidates.length; i++) {
      candidates[i] = -3 + 6 * random.nextDouble();
    }
    double[] weights = potential.logDensity(new int[CANDIDATES], candidates);
    Matrix start =
        new WeightedDraws(new Matrix(CANDIDATES, 5, candidates), weights)
            .resample(CHAINS, new Seed(2021));
    int draws = (n + CHAINS - 1) / CHAINS;
    return new SliceSampler(potential, 100, 20, 1)
        .run(start, draws, new Seed(2022))
        .together()
        .slice(0, n);
  }
}
