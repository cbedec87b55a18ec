package org.thalweg.vi.target;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.List;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.inference.ParameterBlock;
import org.thalweg.api.transform.Support;
import org.thalweg.toolkit.infer.BayesianModel;
import org.thalweg.toolkit.infer.LogDensities;
import org.thalweg.toolkit.infer.TargetData;
import org.thalweg.toolkit.infer.Values;

/**
 * An autoregression of order K given its first K numbers.
 *
 * @param series y
 * @param order K
 */
record Autoregression(double[] series, int order) implements BayesianModel {
  static Autoregression of(TargetData data) {
    double[] y = data.atLeast(2, "y");
    return new Autoregression(y, data.whole("K", 1, y.length - 1));
  }

  @Override
  public List<ParameterBlock> parameters() {
    return List.of(
        ParameterBlock.real("alpha"),
        new ParameterBlock("beta", order, Support.REAL),
        new ParameterBlock("sigma", 1, new Support.Above(0)));
  }

  @Override
  public NDArray logJoint(Values values) {
    NDArray alpha = values.get("alpha");
    NDArray beta = values.get("beta");
    NDArray sigma = values.get("sigma");
    NDArray mean = beta.matMul(values.constant(lagged())).add(alpha);
    double[] after = Arrays.copyOfRange(series, order, series.length);
    return values.total(
        LogDensities.normal(alpha, 0, 10),
        LogDensities.normal(beta, 0, 10),
        LogDensities.halfCauchy(sigma, 2.5),
        LogDensities.normal(values.constant(after), mean, sigma));
  }

  /** Row k holds the numbers that are k + 1 steps before each one. */
  private Matrix lagged() {
    double[][] rows = new double[order][];
    for (int k = 0; k < order; k++) {
      rows[k] = Arrays.copyOfRange(series, order - 1 - k, series.length - 1 - k);
    }
    return Matrix.of(rows);
  }
}
