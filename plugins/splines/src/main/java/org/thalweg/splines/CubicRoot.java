package org.thalweg.splines;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import org.thalweg.toolkit.nn.Ops;

/**
 * The increasing cubic from (0, 0) to (1, 1) with slopes p and q there, in [0, 3] and not both 3,
 * and its inverse. Every tensor is {@code [1, M]}.
 */
final class CubicRoot {
  /** Below it the cubic's coefficient counts as this; the quadratic's root serves then. */
  private static final double SMALLEST = 1e-3;

  private static final int POLISHES = 3;

  private CubicRoot() {}

  /** The cubic at a. */
  static NDArray value(NDArray a, NDArray p, NDArray q) {
    NDArray rest = a.mul(-1).add(1);
    NDArray bend = p.mul(rest).sub(q.mul(a)).mul(rest);
    return a.mul(-2).add(3).mul(a).add(bend).mul(a);
  }

  /** Its derivative by a, in a form that does not cancel at the ends. */
  static NDArray slope(NDArray a, NDArray p, NDArray q) {
    NDArray rest = a.mul(-1).add(1);
    NDArray middle = p.add(q).mul(-1).add(3).mul(2).mul(a).mul(rest);
    return p.mul(rest.square()).add(middle).add(q.mul(a.square()));
  }

  /**
   * Where the cubic is r, in [0, 1]: three roots by cosines or one by Cardano's formula, or the
   * quadratic's where the cubic is nearly one. Which of them it is, the residual decides; in single
   * precision each is ill-conditioned somewhere, so steps of Newton's method follow.
   */
  static NDArray of(NDArray r, NDArray p, NDArray q) {
    NDArray third = p.add(q).sub(2);
    NDArray sign = NDArrays.where(third.gte(0), third.onesLike(), third.onesLike().neg());
    NDArray c3 = third.abs().maximum(SMALLEST).mul(sign);
    NDArray c2 = p.mul(-2).sub(q).add(3);
    NDArray a = c2.div(c3);
    NDArray b = p.div(c3);
    NDArray c = r.neg().div(c3);
    NDArray u = a.square().sub(b.mul(3)).div(9);
    NDArray v = a.square().mul(2).sub(b.mul(9)).mul(a).add(c.mul(27)).div(54);
    NDArray u3 = u.pow(3);
    NDArray shift = a.div(3);

    NDArray root = u.maximum(0).sqrt();
    NDArray cosine = v.div(u3.maximum(1e-30).sqrt()).clip(-1, 1);
    NDArray angle = cosine.acos().div(3);
    NDArray radius = v.abs().add(v.square().sub(u3).maximum(0).sqrt()).maximum(1e-30).pow(1.0 / 3);
    NDArray cardano = radius.add(u.div(radius)).mul(v.sign()).neg().sub(shift);
    NDArray square = p.square().add(c2.mul(r).mul(4)).maximum(0);
    NDArray quadratic = r.mul(2).div(p.add(square.sqrt()).maximum(1e-30));
    NDList candidates =
        new NDList(
            turn(root, angle, 0).sub(shift),
            turn(root, angle, 2 * Math.PI / 3).sub(shift),
            turn(root, angle, -2 * Math.PI / 3).sub(shift),
            cardano,
            quadratic);
    NDArray all = Ops.concat(candidates, 0);
    NDArray inside = NDArrays.where(all.isNaN(), all.zerosLike(), all).clip(0, 1);
    NDArray best = value(inside, p, q).sub(r).abs().argMin(0).expandDims(0);
    NDArray out = inside.gather(best.toType(DataType.INT64, false), 0);
    for (int i = 0; i < POLISHES; i++) {
      out = nearer(out, r, p, q);
    }
    return out;
  }

  private static NDArray turn(NDArray root, NDArray angle, double by) {
    return angle.add(by).cos().mul(root).mul(-2);
  }

  /** A step of Newton's method, where it helps. */
  private static NDArray nearer(NDArray a, NDArray r, NDArray p, NDArray q) {
    NDArray error = value(a, p, q).sub(r);
    NDArray next = a.sub(error.div(slope(a, p, q))).clip(0, 1);
    return NDArrays.where(value(next, p, q).sub(r).abs().lt(error.abs()), next, a);
  }
}
