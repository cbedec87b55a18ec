package org.thalweg.harness.acceptance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.thalweg.api.data.Matrix;

/**
 * A mixture of Gaussians with full covariances, fitted by expectation-maximisation.
 *
 * @param logWeights the logarithms of the weights
 * @param parts the components
 */
record GaussianMixture(double[] logWeights, List<FullGaussian> parts) implements Baseline {
  private static final int ITERATIONS = 200;
  private static final double TOLERANCE = 1e-4;

  /**
   * The best of some starts, by the training rows' log-density. The rows should be standardised.
   */
  static GaussianMixture fit(Matrix rows, int components, double ridge, int starts, long seed) {
    GaussianMixture best = null;
    double bestScore = Double.NEGATIVE_INFINITY;
    for (int s = 0; s < starts; s++) {
      GaussianMixture mixture = fit(rows, components, ridge, new SplittableRandom(seed + s));
      double score = Arrays.stream(mixture.logDensity(rows)).average().orElseThrow();
      if (score > bestScore) {
        best = mixture;
        bestScore = score;
      }
    }
    return best;
  }

  private static GaussianMixture fit(
      Matrix rows, int components, double ridge, SplittableRandom random) {
    double[][] responsibilities = nearest(rows, centres(rows, components, random));
    GaussianMixture mixture = maximise(rows, responsibilities, ridge);
    double last = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < ITERATIONS; i++) {
      double score = expect(rows, mixture, responsibilities);
      mixture = maximise(rows, responsibilities, ridge);
      if (score - last < TOLERANCE) {
        break;
      }
      last = score;
    }
    return mixture;
  }

  /** k-means++ seeding (Arthur and Vassilvitskii 2007), then Lloyd's iterations. */
  private static double[][] centres(Matrix rows, int components, SplittableRandom random) {
    double[][] centres = new double[components][];
    double[] distance = new double[rows.rows()];
    Arrays.fill(distance, Double.POSITIVE_INFINITY);
    centres[0] = rows.row(random.nextInt(rows.rows()));
    for (int k = 1; k < components; k++) {
      double total = 0;
      for (int i = 0; i < distance.length; i++) {
        distance[i] = Math.min(distance[i], squared(rows, i, centres[k - 1]));
        total += distance[i];
      }
      double draw = random.nextDouble() * total;
      int chosen = 0;
      while (chosen < distance.length - 1 && (draw -= distance[chosen]) > 0) {
        chosen++;
      }
      centres[k] = rows.row(chosen);
    }
    for (int iteration = 0; iteration < 20; iteration++) {
      double[][] sums = new double[components][rows.columns() + 1];
      for (int i = 0; i < rows.rows(); i++) {
        double[] sum = sums[closest(rows, i, centres)];
        sum[rows.columns()]++;
        for (int j = 0; j < rows.columns(); j++) {
          sum[j] += rows.get(i, j);
        }
      }
      for (int k = 0; k < components; k++) {
        for (int j = 0; j < rows.columns() && sums[k][rows.columns()] > 0; j++) {
          centres[k][j] = sums[k][j] / sums[k][rows.columns()];
        }
      }
    }
    return centres;
  }

  private static double[][] nearest(Matrix rows, double[][] centres) {
    double[][] out = new double[centres.length][rows.rows()];
    for (int i = 0; i < rows.rows(); i++) {
      out[closest(rows, i, centres)][i] = 1;
    }
    return out;
  }

  private static int closest(Matrix rows, int row, double[][] centres) {
    int best = 0;
    for (int k = 1; k < centres.length; k++) {
      best = squared(rows, row, centres[k]) < squared(rows, row, centres[best]) ? k : best;
    }
    return best;
  }

  private static double squared(Matrix rows, int row, double[] centre) {
    double sum = 0;
    for (int j = 0; j < centre.length; j++) {
      double t = rows.get(row, j) - centre[j];
      sum += t * t;
    }
    return sum;
  }

  /** Writes the responsibilities; gives the mean log-density. */
  private static double expect(Matrix rows, GaussianMixture mixture, double[][] out) {
    double[] total = mixture.joint(rows, out);
    for (double[] part : out) {
      for (int i = 0; i < total.length; i++) {
        part[i] = Math.exp(part[i] - total[i]);
      }
    }
    return Arrays.stream(total).average().orElseThrow();
  }

  private static GaussianMixture maximise(Matrix rows, double[][] responsibilities, double ridge) {
    double[] logWeights = new double[responsibilities.length];
    List<FullGaussian> parts = new ArrayList<>();
    for (int k = 0; k < logWeights.length; k++) {
      double weight = Arrays.stream(responsibilities[k]).sum() + 1e-10;
      logWeights[k] = Math.log(weight / rows.rows());
      parts.add(FullGaussian.fit(rows, responsibilities[k], ridge));
    }
    return new GaussianMixture(logWeights, parts);
  }

  @Override
  public double[] logDensity(Matrix rows) {
    return joint(rows, new double[logWeights.length][]);
  }

  /** Fills {@code out[k]} with log weight + log density of component k; gives their log-sum-exp. */
  private double[] joint(Matrix rows, double[][] out) {
    double[] max = new double[rows.rows()];
    Arrays.fill(max, Double.NEGATIVE_INFINITY);
    for (int k = 0; k < logWeights.length; k++) {
      out[k] = parts.get(k).logDensity(rows);
      for (int i = 0; i < max.length; i++) {
        out[k][i] += logWeights[k];
        max[i] = Math.max(max[i], out[k][i]);
      }
    }
    double[] total = new double[max.length];
    for (int i = 0; i < max.length; i++) {
      double sum = 0;
      for (double[] part : out) {
        sum += Math.exp(part[i] - max[i]);
      }
      total[i] = max[i] + Math.log(sum);
    }
    return total;
  }
}
