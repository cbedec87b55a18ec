package org.thalweg.vi.target;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import org.thalweg.api.inference.ParameterBlock;
import org.thalweg.api.transform.Bound;
import org.thalweg.api.transform.Support;
import org.thalweg.toolkit.infer.BayesianModel;
import org.thalweg.toolkit.infer.LogDensities;
import org.thalweg.toolkit.infer.TargetData;
import org.thalweg.toolkit.infer.Values;
import org.thalweg.toolkit.nn.Ops;

/**
 * GARCH(1, 1): {@code y_t ~ N(mu, sigma_t)} with {@code sigma_t^2 = alpha0 + alpha1 (y_{t-1} -
 * mu)^2 + beta1 sigma_{t-1}^2}, stationary as {@code alpha1 + beta1 < 1}.
 *
 * @param series y
 * @param firstDeviation sigma_1
 */
record Garch(double[] series, double firstDeviation) implements BayesianModel {
  static Garch of(TargetData data) {
    return new Garch(data.atLeast(2, "y"), data.positive("sigma1")[0]);
  }

  @Override
  public List<ParameterBlock> parameters() {
    Bound rest = Bound.line(1, -1, 2);
    return List.of(
        ParameterBlock.real("mu"),
        new ParameterBlock("alpha0", 1, new Support.Above(0)),
        new ParameterBlock("alpha1", 1, new Support.Interval(0, 1)),
        new ParameterBlock("beta1", 1, Support.Dependent.between(Bound.constant(0), rest)));
  }

  @Override
  public NDArray logJoint(Values values) {
    NDArray mu = values.get("mu");
    NDArray y = values.constant(series);
    NDArray before = values.constant(Arrays.copyOf(series, series.length - 1));
    NDArray news = before.sub(mu).square().mul(values.get("alpha1")).add(values.get("alpha0"));
    NDArray start = mu.mul(0).add(firstDeviation * firstDeviation);
    NDArray variance = summed(Ops.concat(new NDList(start, news), 1), values.get("beta1"));
    return values.total(LogDensities.normal(y, mu, variance.sqrt()));
  }

  /**
   * {@code v_t = news_t + beta v_{t-1}}: each pass doubles how far back the sum reaches, so that it
   * takes as many passes as the length has bits.
   */
  private static NDArray summed(NDArray news, NDArray beta) {
    NDArray sum = news;
    NDArray power = beta;
    long length = news.getShape().get(1);
    for (long reach = 1; reach < length; reach *= 2) {
      NDArray earlier = sum.get(":, 0:%d".formatted(length - reach)).mul(power);
      NDArray nothing =
          sum.getManager().zeros(new Shape(sum.getShape().get(0), reach), sum.getDataType());
      sum = sum.add(Ops.concat(new NDList(nothing, earlier), 1));
      power = power.square();
    }
    return sum;
  }
}
