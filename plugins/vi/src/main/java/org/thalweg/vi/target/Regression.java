package org.thalweg.vi.target;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.function.UnaryOperator;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.inference.ParameterBlock;
import org.thalweg.api.transform.Support;
import org.thalweg.toolkit.infer.BayesianModel;
import org.thalweg.toolkit.infer.LogDensities;
import org.thalweg.toolkit.infer.TargetData;
import org.thalweg.toolkit.infer.Values;

/**
 * {@code y ~ N(X beta, sigma)}.
 *
 * @param predictors X {@code [n, p]}
 * @param outcomes y
 * @param priorOfBeta its log-density, number by number
 * @param priorOfSigma the same; what posteriordb leaves out is 0
 */
record Regression(
    Matrix predictors,
    double[] outcomes,
    UnaryOperator<NDArray> priorOfBeta,
    UnaryOperator<NDArray> priorOfSigma)
    implements BayesianModel {

  /** A flat prior. */
  static final UnaryOperator<NDArray> FLAT = NDArray::zerosLike;

  /** Stan's {@code sigma ~ cauchy(0, 2.5)} of a positive sigma. */
  static final UnaryOperator<NDArray> HALF_CAUCHY = x -> LogDensities.halfCauchy(x, 2.5);

  /** A regression on a constant and columns of the data. */
  static Regression onColumns(
      TargetData data, double[] outcomes, UnaryOperator<NDArray> priorOfSigma, String... columns) {
    int n = outcomes.length;
    Matrix x = Matrix.zeros(n, columns.length + 1);
    for (int i = 0; i < n; i++) {
      x.values()[i * x.columns()] = 1;
    }
    for (int j = 0; j < columns.length; j++) {
      double[] column = data.vector(columns[j], n);
      for (int i = 0; i < n; i++) {
        x.values()[i * x.columns() + j + 1] = column[i];
      }
    }
    return new Regression(x, outcomes, FLAT, priorOfSigma);
  }

  @Override
  public List<ParameterBlock> parameters() {
    return List.of(
        new ParameterBlock("beta", predictors.columns(), Support.REAL),
        new ParameterBlock("sigma", 1, new Support.Above(0)));
  }

  @Override
  public NDArray logJoint(Values values) {
    NDArray beta = values.get("beta");
    NDArray sigma = values.get("sigma");
    NDArray mean = beta.matMul(values.constant(predictors).transpose());
    return values.total(
        priorOfBeta.apply(beta),
        priorOfSigma.apply(sigma),
        LogDensities.normal(values.constant(outcomes), mean, sigma));
  }
}
