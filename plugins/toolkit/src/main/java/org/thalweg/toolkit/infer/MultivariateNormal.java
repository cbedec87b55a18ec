package org.thalweg.toolkit.infer;

import java.util.List;
import java.util.random.RandomGenerator;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.inference.ParameterBlock;
import org.thalweg.api.inference.Prior;
import org.thalweg.api.random.Seed;

/**
 * A normal distribution with a full covariance.
 *
 * @param names one for each parameter
 * @param mean {@code P} numbers
 * @param factor {@code [P, P]}, lower-triangular L with a positive diagonal; the covariance is L L'
 */
public record MultivariateNormal(List<String> names, double[] mean, Matrix factor)
    implements Prior {
  /** Refuses sizes that do not fit and a factor that is none. */
  public MultivariateNormal {
    names = List.copyOf(names);
    int d = names.size();
    if (mean.length != d || factor.rows() != d || factor.columns() != d) {
      throw ThalwegException.usage(
          "A normal prior over %d parameters needs %d means and a %d x %d factor, got %d and"
              + " %d x %d.",
          d, d, d, d, mean.length, factor.rows(), factor.columns());
    }
    for (int i = 0; i < d; i++) {
      if (!(factor.get(i, i) > 0)) {
        throw ThalwegException.usage(
            "Entry %d of the diagonal of the covariance's factor is %s; it must be above 0.",
            i + 1, factor.get(i, i));
      }
    }
  }

  /**
   * With a covariance {@code [P, P]}.
   *
   * @throws ThalwegException where it is not positive definite
   */
  public static MultivariateNormal ofCovariance(
      List<String> names, double[] mean, Matrix covariance) {
    int d = covariance.rows();
    Matrix factor = Matrix.zeros(d, d);
    for (int i = 0; i < d; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = covariance.get(i, j);
        for (int k = 0; k < j; k++) {
          sum -= factor.get(i, k) * factor.get(j, k);
        }
        if (i == j && !(sum > 0)) {
          throw ThalwegException.usage(
              "The covariance of the prior is not positive definite (row %d).", i + 1);
        }
        factor.values()[i * d + j] = i == j ? Math.sqrt(sum) : sum / factor.get(j, j);
      }
    }
    return new MultivariateNormal(names, mean, factor);
  }

  @Override
  public List<ParameterBlock> parameters() {
    return names.stream().map(ParameterBlock::real).toList();
  }

  @Override
  public Matrix sample(int n, Seed seed) {
    int d = mean.length;
    Matrix out = Matrix.zeros(n, d);
    double[] z = new double[d];
    for (int i = 0; i < n; i++) {
      RandomGenerator random = seed.child(i).generator();
      for (int j = 0; j < d; j++) {
        z[j] = random.nextGaussian();
        double sum = mean[j];
        for (int k = 0; k <= j; k++) {
          sum += factor.get(j, k) * z[k];
        }
        out.values()[i * d + j] = sum;
      }
    }
    return out;
  }

  @Override
  public double[] logDensity(Matrix parameters) {
    int d = mean.length;
    Widths.check(parameters, d);
    double[] out = new double[parameters.rows()];
    double[] z = new double[d];
    for (int i = 0; i < out.length; i++) {
      double sum = -d * Marginal.HALF_LOG_TWO_PI;
      for (int j = 0; j < d; j++) {
        double rest = parameters.get(i, j) - mean[j];
        for (int k = 0; k < j; k++) {
          rest -= factor.get(j, k) * z[k];
        }
        z[j] = rest / factor.get(j, j);
        sum -= 0.5 * z[j] * z[j] + Math.log(factor.get(j, j));
      }
      out[i] = sum;
    }
    return out;
  }
}
