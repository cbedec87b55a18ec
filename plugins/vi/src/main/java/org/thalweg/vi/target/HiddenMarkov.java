package org.thalweg.vi.target;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.inference.ParameterBlock;
import org.thalweg.api.transform.Support;
import org.thalweg.toolkit.infer.BayesianModel;
import org.thalweg.toolkit.infer.LogDensities;
import org.thalweg.toolkit.infer.TargetData;
import org.thalweg.toolkit.infer.Values;
import org.thalweg.toolkit.nn.Ops;

/**
 * A hidden Markov chain of two states that emit normal numbers of deviation 1. Rows theta1 and
 * theta2 are the probabilities of the next state.
 *
 * @param series y
 */
record HiddenMarkov(double[] series) implements BayesianModel {
  private static final int STATES = 2;

  static HiddenMarkov of(TargetData data) {
    if (data.number("K") != STATES) {
      throw ThalwegException.usage(
          "Target '%s' has 2 states, its data says %s.", data.target(), data.number("K"));
    }
    return new HiddenMarkov(data.atLeast(2, "y"));
  }

  @Override
  public List<ParameterBlock> parameters() {
    return List.of(
        new ParameterBlock("theta1", STATES, new Support.Simplex()),
        new ParameterBlock("theta2", STATES, new Support.Simplex()),
        new ParameterBlock("mu", STATES, new Support.PositiveOrdered()));
  }

  @Override
  public NDArray logJoint(Values values) {
    NDArray mu = values.get("mu");
    NDArray y = values.constant(series);
    NDArray emitted =
        NDArrays.stack(
            new NDList(
                LogDensities.normal(y, values.get("mu", 0)),
                LogDensities.normal(y, values.get("mu", 1))),
            2);
    NDArray theta = NDArrays.stack(new NDList(values.get("theta1"), values.get("theta2")), 1);
    // [N, T - 1, from, to]: the logarithm of a step's probability and of what it emits.
    NDArray steps = theta.log().expandDims(1).add(emitted.get(":, 1:").expandDims(2));
    NDArray paths = product(steps);
    NDArray first = emitted.get(":, 0").expandDims(2);
    NDArray ends = paths.add(first).reshape(new Shape(values.count(), STATES * STATES));
    return values.total(
        LogDensities.normal(mu.sub(values.constant(3, 10)), 0, 1),
        Ops.logSumExp(ends, 1).expandDims(1));
  }

  /** The product of all steps' matrices, in logarithms, halving their number in each pass. */
  private static NDArray product(NDArray steps) {
    NDArray factors = steps;
    long count = factors.getShape().get(1);
    while (count > 1) {
      long pairs = count / 2;
      NDArray left = factors.get(":, 0:%d:2".formatted(2 * pairs)).expandDims(4);
      NDArray right = factors.get(":, 1:%d:2".formatted(2 * pairs)).expandDims(2);
      NDArray products = Ops.logSumExp(left.add(right), 3);
      NDArray odd = factors.get(":, %d:%d".formatted(2 * pairs, count));
      factors = count % 2 == 0 ? products : Ops.concat(new NDList(products, odd), 1);
      count = factors.getShape().get(1);
    }
    return factors.squeeze(1);
  }
}
