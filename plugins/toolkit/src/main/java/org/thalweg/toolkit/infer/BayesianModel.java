package org.thalweg.toolkit.infer;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.thalweg.api.inference.LogDensityProblem;
import org.thalweg.api.inference.ParameterBlock;

/**
 * A log joint density whose parameters have names. A class of it lists them with their supports and
 * adds up logarithms of densities; nothing else is needed:
 *
 * <pre>{@code
 * record Coin(double[] tosses) implements BayesianModel {
 *   public List<ParameterBlock> parameters() {
 *     return List.of(new ParameterBlock("heads", 1, new Support.Interval(0, 1)));
 *   }
 *
 *   public NDArray logJoint(Values values) {
 *     NDArray heads = values.get("heads");
 *     NDArray y = values.constant(tosses);
 *     return values.total(
 *         LogDensities.beta(heads, 2, 2),
 *         y.mul(heads.log()).add(y.neg().add(1).mul(heads.neg().add(1).log())));
 *   }
 * }
 * }</pre>
 *
 * <p>The map to the reals and its Jacobian are not the model's business.
 */
public interface BayesianModel {
  /** The parameters, in order. */
  List<ParameterBlock> parameters();

  /**
   * The log joint density in the user's units, up to a constant, without any Jacobian.
   *
   * @param values N values of the parameters, inside their supports
   * @return {@code [N]}, in nats; minus infinity where there is no mass
   */
  NDArray logJoint(Values values);

  /** The problem of finding the posterior. */
  default LogDensityProblem problem(String name) {
    List<ParameterBlock> blocks = parameters();
    return new LogDensityProblem(
        name, blocks, (tape, rows) -> logJoint(new Values(tape, blocks, rows)), true);
  }
}
