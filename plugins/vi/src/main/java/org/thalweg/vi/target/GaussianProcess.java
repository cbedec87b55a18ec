package org.thalweg.vi.target;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.inference.ParameterBlock;
import org.thalweg.api.transform.Support;
import org.thalweg.toolkit.infer.BayesianModel;
import org.thalweg.toolkit.infer.LogDensities;
import org.thalweg.toolkit.infer.TargetData;
import org.thalweg.toolkit.infer.Values;
import org.thalweg.toolkit.nn.Ops;

/**
 * Counts whose logarithmic rate f is a Gaussian process with covariances {@code alpha^2 exp(-(x -
 * x')^2 / (2 rho^2))}: {@code f = L f_tilde} with L their Cholesky factor.
 *
 * @param places x
 * @param counts k
 */
record GaussianProcess(double[] places, double[] counts) implements BayesianModel {
  /** Stan's addition to the diagonal. */
  private static final double JITTER = 1e-10;

  static GaussianProcess of(TargetData data) {
    double[] x = data.atLeast(1, "x");
    return new GaussianProcess(x, data.counts("k", x.length));
  }

  @Override
  public List<ParameterBlock> parameters() {
    return List.of(
        new ParameterBlock("rho", 1, new Support.Above(0)),
        new ParameterBlock("alpha", 1, new Support.Above(0)),
        new ParameterBlock("f_tilde", places.length, Support.REAL));
  }

  @Override
  public NDArray logJoint(Values values) {
    NDArray rho = values.get("rho");
    NDArray alpha = values.get("alpha");
    NDArray latent = values.get("f_tilde");
    NDArray f = logRate(values, rho, alpha, latent);
    return values.total(
        LogDensities.gamma(rho, 25, 4),
        LogDensities.halfNormal(alpha, 2),
        LogDensities.normal(latent, 0, 1),
        LogDensities.poissonLog(values.constant(counts), f));
  }

  /** L f_tilde, column by column of L, each of which is subtracted from what is left. */
  private NDArray logRate(Values values, NDArray rho, NDArray alpha, NDArray latent) {
    int n = places.length;
    Matrix squares = Matrix.zeros(n, n);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        squares.values()[i * n + j] = -0.5 * Math.pow(places[i] - places[j], 2);
      }
    }
    NDArray scale = rho.expandDims(2);
    NDArray exponents = values.constant(squares).expandDims(0).div(scale.square());
    NDArray diagonal = values.constant(identity(n)).mul(JITTER);
    NDArray left = exponents.exp().mul(alpha.square().expandDims(2)).add(diagonal);
    // What single precision cannot tell from 0 is not divided by.
    double least = left.getDataType() == DataType.FLOAT32 ? 1e-6 : JITTER / 2;
    NDArray f = latent.zerosLike();
    for (int j = 0; j < n; j++) {
      NDArray pivot = left.get(":, 0:1, 0").maximum(least);
      NDArray column = left.get(":, :, 0").div(pivot.sqrt());
      NDArray above = f.getManager().zeros(new Shape(values.count(), j), f.getDataType());
      NDArray whole = j == 0 ? column : Ops.concat(new NDList(above, column), 1);
      f = f.add(whole.mul(latent.get(":, %d:%d".formatted(j, j + 1))));
      if (j + 1 < n) {
        NDArray below = column.get(":, 1:");
        left = left.get(":, 1:, 1:").sub(below.expandDims(2).mul(below.expandDims(1)));
      }
    }
    return f;
  }

  private static Matrix identity(int n) {
    Matrix out = Matrix.zeros(n, n);
    for (int i = 0; i < n; i++) {
      out.values()[i * n + i] = 1;
    }
    return out;
  }
}
