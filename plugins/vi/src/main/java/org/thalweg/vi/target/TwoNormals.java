package org.thalweg.vi.target;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.thalweg.api.inference.ParameterBlock;
import org.thalweg.api.transform.Support;
import org.thalweg.toolkit.infer.BayesianModel;
import org.thalweg.toolkit.infer.LogDensities;
import org.thalweg.toolkit.infer.TargetData;
import org.thalweg.toolkit.infer.Values;

/**
 * A mixture of two normals with increasing means.
 *
 * @param sample y
 */
record TwoNormals(double[] sample) implements BayesianModel {
  static TwoNormals of(TargetData data) {
    return new TwoNormals(data.atLeast(1, "y"));
  }

  @Override
  public List<ParameterBlock> parameters() {
    return List.of(
        new ParameterBlock("mu", 2, new Support.Ordered()),
        new ParameterBlock("sigma", 2, new Support.Above(0)),
        new ParameterBlock("theta", 1, new Support.Interval(0, 1)));
  }

  @Override
  public NDArray logJoint(Values values) {
    NDArray y = values.constant(sample);
    NDArray theta = values.get("theta");
    return values.total(
        LogDensities.halfNormal(values.get("sigma"), 2),
        LogDensities.normal(values.get("mu"), 0, 2),
        LogDensities.beta(theta, 5, 5),
        LogDensities.mixture(
            theta,
            LogDensities.normal(y, values.get("mu", 0), values.get("sigma", 0)),
            LogDensities.normal(y, values.get("mu", 1), values.get("sigma", 1))));
  }
}
