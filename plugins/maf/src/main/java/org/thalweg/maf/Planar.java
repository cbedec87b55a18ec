package org.thalweg.maf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Initializer;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.density.ParameterScope;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.transform.ConditionalTransform;
import org.thalweg.api.transform.Cost;
import org.thalweg.api.transform.Mapped;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.api.transform.Transform;
import org.thalweg.toolkit.nn.Ops;
import org.thalweg.toolkit.nn.Roots;

/**
 * The planar flow {@code f(z) = z + u tanh(w'z + b)} (Rezende and Mohamed, 2015, eq. 10;
 * "Variational inference with flows", eqs. 60 to 64). It is invertible where {@code w'u > -1},
 * which u is corrected for. The inverse is numerical: with {@code a = w'z + b} it is one equation
 * in one number,
 *
 * <pre>a + w'u tanh(a) = w'f(z) + b,</pre>
 *
 * whose left side increases.
 */
final class Planar implements TrainableTransform {
  /** Keeps w'u above -1, and the density finite, where the softplus of eq. 64 vanishes. */
  private static final double MARGIN = 1e-3;

  private final int dimension;
  private final Parameter w;
  private final Parameter u;
  private final Parameter b;

  Planar(ParameterScope scope, int dimension) {
    this.dimension = dimension;
    w = scope.parameter("w", new Shape(dimension, 1), Initializer.uniform(1));
    u = scope.parameter("u", new Shape(1, dimension), Initializer.uniform(0.1));
    b = scope.parameter("b", new Shape(1), Initializer.uniform(1));
  }

  @Override
  public ConditionalTransform bind(Binding binding) {
    Tape tape = binding.tape();
    NDArray direction = tape.parameter(w);
    NDArray raw = tape.parameter(u);
    NDArray product = raw.matMul(direction);
    NDArray allowed = Ops.softplus(product).sub(1 - MARGIN);
    NDArray square = direction.square().sum().add(1e-12);
    NDArray corrected = raw.add(allowed.sub(product).div(square).mul(direction.transpose()));
    Transform bound = new Bound(direction, corrected, allowed, tape.parameter(b));
    return context -> bound;
  }

  private final class Bound extends Transform {
    private final NDArray w;
    private final NDArray u;
    private final NDArray product;
    private final NDArray b;

    private Bound(NDArray w, NDArray u, NDArray product, NDArray b) {
      super(new Shape(dimension));
      this.w = w;
      this.u = u;
      this.product = product;
      this.b = b;
    }

    @Override
    public Cost forwardCost() {
      return Cost.ONE_PASS;
    }

    @Override
    public Cost inverseCost() {
      return Cost.NUMERICAL;
    }

    @Override
    protected Mapped mapForward(NDArray z) {
      NDArray bend = z.matMul(w).add(b).tanh();
      return new Mapped(z.add(bend.mul(u)), logSlope(bend).squeeze(1));
    }

    @Override
    protected Mapped mapInverse(NDArray y) {
      NDArray target = y.matMul(w).add(b);
      NDArray fixed = product.stopGradient();
      NDArray end = target.stopGradient();
      NDArray reach = fixed.abs();
      NDArray root =
          Roots.between(a -> a.add(fixed.mul(a.tanh())).sub(end), end.sub(reach), end.add(reach));
      // One step of Newton's method, from the root, carries the derivatives.
      NDArray bend = root.tanh();
      NDArray slope = logSlope(bend).stopGradient().exp();
      NDArray a = root.add(target.sub(root.add(product.mul(bend))).div(slope));
      NDArray exact = a.tanh();
      return new Mapped(y.sub(exact.mul(u)), logSlope(exact).squeeze(1).neg());
    }

    /** log(1 + w'u (1 - tanh^2)), eq. 62. */
    private NDArray logSlope(NDArray bend) {
      return bend.square().mul(-1).add(1).mul(product).add(1).log();
    }
  }
}
