package org.thalweg.maf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
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

/**
 * The radial flow {@code f(z) = z + beta (z - c) / (alpha + r)} with {@code r = |z - c|} (Rezende
 * and Mohamed, 2015, eq. 14; "Variational inference with flows", eqs. 65 to 78), with alpha above 0
 * and beta above -alpha, where it is invertible. With alpha + beta > 0 the quadratic equation for r
 * has a root for every point: eq. 78's last case does not occur.
 */
final class Radial implements TrainableTransform {
  /** Keeps alpha above 0 and beta above -alpha where a softplus vanishes. */
  private static final double MARGIN = 1e-3;

  /** The square of the least distance that counts: the square root has no slope at 0. */
  private static final double NOWHERE = 1e-24;

  private final int dimension;
  private final Parameter centre;
  private final Parameter alpha;
  private final Parameter beta;

  Radial(ParameterScope scope, int dimension) {
    this.dimension = dimension;
    centre = scope.parameter("centre", new Shape(dimension), Initializer.uniform(1));
    // softplus(0.5413) = 1 for both, so that beta starts at 0: the identity.
    double one = Math.log(Math.expm1(1 - MARGIN));
    alpha = scope.parameter("alpha", new Shape(1, 1), Initializer.repeat(one));
    beta = scope.parameter("beta", new Shape(1, 1), Initializer.repeat(one));
  }

  @Override
  public ConditionalTransform bind(Binding binding) {
    Tape tape = binding.tape();
    NDArray a = Ops.softplus(tape.parameter(alpha)).add(MARGIN);
    NDArray sum = Ops.softplus(tape.parameter(beta)).add(MARGIN);
    Transform bound = new Bound(tape.parameter(centre), a, sum.sub(a), sum);
    return context -> bound;
  }

  private final class Bound extends Transform {
    private final NDArray centre;
    private final NDArray alpha;
    private final NDArray beta;
    private final NDArray sum;

    private Bound(NDArray centre, NDArray alpha, NDArray beta, NDArray sum) {
      super(new Shape(dimension));
      this.centre = centre;
      this.alpha = alpha;
      this.beta = beta;
      this.sum = sum;
    }

    @Override
    public Cost forwardCost() {
      return Cost.ONE_PASS;
    }

    @Override
    public Cost inverseCost() {
      return Cost.ONE_PASS;
    }

    @Override
    protected Mapped mapForward(NDArray z) {
      NDArray offset = z.sub(centre);
      NDArray r = length(offset);
      return new Mapped(z.add(offset.mul(beta.div(alpha.add(r)))), logAbsDet(r));
    }

    @Override
    protected Mapped mapInverse(NDArray y) {
      NDArray offset = y.sub(centre);
      NDArray r = radius(length(offset));
      NDArray stretch = beta.div(alpha.add(r)).add(1);
      return new Mapped(centre.add(offset.div(stretch)), logAbsDet(r).neg());
    }

    /**
     * The root of r^2 + r t - alpha k = 0 with t = alpha + beta - k (eq. 76), without cancelling.
     */
    private NDArray radius(NDArray k) {
      NDArray t = sum.sub(k);
      NDArray four = k.mul(alpha).mul(4);
      NDArray near = t.maximum(0);
      NDArray far = t.minimum(0);
      NDArray ofNear = four.div(2).div(near.add(near.square().add(four).sqrt()));
      NDArray ofFar = far.square().add(four).sqrt().sub(far).div(2);
      return NDArrays.where(t.gt(0), ofNear, ofFar);
    }

    /** Eq. 70, with h' = -1 / (alpha + r)^2. */
    private NDArray logAbsDet(NDArray r) {
      NDArray reach = alpha.add(r);
      NDArray around = beta.div(reach).add(1).log();
      NDArray along = beta.mul(alpha).div(reach).div(reach).add(1).log();
      return around.mul(dimension - 1).add(along).squeeze(1);
    }

    private NDArray length(NDArray offset) {
      return offset.square().sum(new int[] {1}, true).maximum(NOWHERE).sqrt();
    }
  }
}
