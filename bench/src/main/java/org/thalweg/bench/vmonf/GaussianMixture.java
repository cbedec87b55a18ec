package org.thalweg.bench.vmonf;

import java.util.Arrays;
import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.MatrixUtils;
import org.thalweg.api.data.Matrix;

/** A mixture of Gaussians with full covariances, by expectation-maximisation from a clustering. */
final class GaussianMixture {
  private static final int MOST_ROUNDS = 300;
  private static final double CONVERGED = 1e-6;

  private final int d;
  private final double[] logWeights;
  private final double[][] means;
  private final double[][][] triangles;
  private final double[] logDeterminants;
  private double meanLogDensity = Double.NEGATIVE_INFINITY;

  private GaussianMixture(int d, int k) {
    this.d = d;
    logWeights = new double[k];
    means = new double[k][d];
    triangles = new double[k][][];
    logDeterminants = new double[k];
  }

  /**
   * Fits one.
   *
   * @param clusters where it begins
   * @param ridge what is added to the variances, in the columns' units
   */
  static GaussianMixture fit(Matrix rows, int[] clusters, int k, double ridge) {
    return fit(rows, clusters, k, ridge, MOST_ROUNDS);
  }

  private static GaussianMixture fit(
      Matrix rows, int[] clusters, int k, double ridge, int mostRounds) {
    GaussianMixture out = new GaussianMixture(rows.columns(), k);
    double[][] shares = new double[rows.rows()][k];
    for (int i = 0; i < shares.length; i++) {
      shares[i][clusters[i]] = 1;
    }
    for (int round = 0; round < mostRounds; round++) {
      out.maximise(rows, shares, ridge);
      double before = out.meanLogDensity;
      double sum = 0;
      for (int i = 0; i < shares.length; i++) {
        sum += out.share(rows.row(i), shares[i]);
      }
      out.meanLogDensity = sum / shares.length;
      if (out.meanLogDensity - before < CONVERGED) {
        break;
      }
    }
    return out;
  }

  /** Round components of one size about the means of clusters: the rule of k-means. */
  static GaussianMixture equal(Matrix rows, int[] clusters, int k) {
    GaussianMixture out = fit(rows, clusters, k, 1e-6, 1);
    for (int c = 0; c < k; c++) {
      out.logWeights[c] = 0;
      out.logDeterminants[c] = 0;
      out.triangles[c] = MatrixUtils.createRealIdentityMatrix(out.d).getData();
    }
    return out;
  }

  /** The mean log-density of rows, in nats. */
  double meanLogDensity(Matrix rows) {
    double sum = 0;
    double[] shares = new double[means.length];
    for (int i = 0; i < rows.rows(); i++) {
      sum += share(rows.row(i), shares);
    }
    return sum / rows.rows();
  }

  /** The most probable component of each row. */
  int[] clusters(Matrix rows) {
    int[] out = new int[rows.rows()];
    double[] shares = new double[means.length];
    for (int i = 0; i < out.length; i++) {
      share(rows.row(i), shares);
      for (int c = 1; c < shares.length; c++) {
        out[i] = shares[c] > shares[out[i]] ? c : out[i];
      }
    }
    return out;
  }

  /** log p of a row; the probabilities of the components go to {@code shares}. */
  private double share(double[] row, double[] shares) {
    double most = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < shares.length; c++) {
      double square = 0;
      double[] solved = new double[d];
      for (int j = 0; j < d; j++) {
        double value = row[j] - means[c][j];
        double[] line = triangles[c][j];
        for (int l = 0; l < j; l++) {
          value -= line[l] * solved[l];
        }
        solved[j] = value / line[j];
        square += solved[j] * solved[j];
      }
      shares[c] = logWeights[c] - 0.5 * (square + logDeterminants[c] + d * Math.log(2 * Math.PI));
      most = Math.max(most, shares[c]);
    }
    double highest = most;
    double sum = Arrays.stream(shares).map(v -> Math.exp(v - highest)).sum();
    double logDensity = most + Math.log(sum);
    for (int c = 0; c < shares.length; c++) {
      shares[c] = Math.exp(shares[c] - logDensity);
    }
    return logDensity;
  }

  private void maximise(Matrix rows, double[][] shares, double ridge) {
    for (int c = 0; c < means.length; c++) {
      double weight = 0;
      double[] mean = new double[d];
      for (int i = 0; i < shares.length; i++) {
        weight += shares[i][c];
        for (int j = 0; j < d; j++) {
          mean[j] += shares[i][c] * rows.get(i, j);
        }
      }
      for (int j = 0; j < d; j++) {
        mean[j] /= weight;
      }
      double[][] covariance = new double[d][d];
      for (int i = 0; i < shares.length; i++) {
        double share = shares[i][c];
        for (int j = 0; share > 1e-12 && j < d; j++) {
          double scaled = share * (rows.get(i, j) - mean[j]);
          for (int l = 0; l <= j; l++) {
            covariance[j][l] += scaled * (rows.get(i, l) - mean[l]);
          }
        }
      }
      for (int j = 0; j < d; j++) {
        for (int l = 0; l <= j; l++) {
          covariance[j][l] /= weight;
          covariance[l][j] = covariance[j][l];
        }
        covariance[j][j] += ridge;
      }
      var cholesky = new CholeskyDecomposition(MatrixUtils.createRealMatrix(covariance));
      means[c] = mean;
      triangles[c] = cholesky.getL().getData();
      logDeterminants[c] = Math.log(cholesky.getDeterminant());
      logWeights[c] = Math.log(weight / shares.length);
    }
  }
}
