package org.thalweg.toolkit.flow;

import ai.djl.ndarray.NDArray;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.transform.Cost;
import org.thalweg.api.transform.Elementwise;
import org.thalweg.api.transform.Univariate;
import org.thalweg.toolkit.nn.Roots;

/**
 * A univariate family whose inverse is found by bracketing and bisection, for families over the
 * whole line that have none in closed form. One step of Newton's method from the root makes it
 * differentiable: by the implicit function theorem its derivative is that of the inverse.
 *
 * @param family the family; its own inverse is not used
 */
public record NumericalInverse(Univariate family) implements Univariate {
  @Override
  public int parameterCount() {
    return family.parameterCount();
  }

  @Override
  public double[] identity() {
    return family.identity();
  }

  @Override
  public Cost forwardCost() {
    return family.forwardCost();
  }

  @Override
  public Cost inverseCost() {
    return Cost.NUMERICAL;
  }

  @Override
  public Elementwise forward(Tape tape, NDArray x, NDArray parameters) {
    return family.forward(tape, x, parameters);
  }

  @Override
  public Elementwise inverse(Tape tape, NDArray y, NDArray parameters) {
    NDArray fixed = parameters.stopGradient();
    NDArray target = y.stopGradient();
    NDArray root = Roots.near(x -> family.forward(tape, x, fixed).value().sub(target), target);
    Elementwise at = family.forward(tape, root, parameters);
    NDArray slope = at.logDerivative().stopGradient().exp();
    NDArray x = root.add(y.sub(at.value()).div(slope));
    return new Elementwise(x, family.forward(tape, x, parameters).logDerivative().neg());
  }
}
