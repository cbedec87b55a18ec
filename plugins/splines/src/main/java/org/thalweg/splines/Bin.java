package org.thalweg.splines;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;

/**
 * One rational-quadratic piece for each of M values; every tensor is {@code [1, M]}. With {@code t
 * = xi (1 - xi)}, where xi in [0, 1] is the relative position in the bin,
 *
 * <pre>
 * y     = y0 + h N / Q,   N = s xi^2 + d0 t,   Q = s + (d1 + d0 - 2 s) t        (eq. 19)
 * dy/dx = s^2 P / Q^2,    P = d1 xi^2 + 2 s t + d0 (1 - xi)^2                   (eq. 5)
 * </pre>
 */
final class Bin {
  private final NDArray rows;
  private final NDArray left;
  private final NDArray width;
  private final NDArray bottom;
  private final NDArray height;
  private final NDArray slope;
  private final NDArray before;
  private final NDArray after;
  private final NDArray curvature;

  /**
   * Bins by their two knots.
   *
   * @param rows {@code [6, M]}: left and right position, lower and upper height, left and right
   *     slope
   */
  Bin(NDArray rows) {
    this.rows = rows;
    NDList each = rows.split(6, 0);
    left = each.get(0);
    width = each.get(1).sub(left);
    bottom = each.get(2);
    height = each.get(3).sub(bottom);
    slope = height.div(width);
    before = each.get(4);
    after = each.get(5);
    curvature = before.add(after).sub(slope.mul(2));
  }

  /** The same without derivatives. */
  Bin detached() {
    return new Bin(rows.stopGradient());
  }

  /** The relative position of a data value. */
  NDArray position(NDArray x) {
    return x.sub(left).div(width);
  }

  /** The data value of a relative position. */
  NDArray data(NDArray xi) {
    return xi.mul(width).add(left);
  }

  /** The relative height of a noise value. */
  NDArray relativeHeight(NDArray y) {
    return y.sub(bottom).div(height);
  }

  /** N, Q and P at a relative position. */
  Terms at(NDArray xi) {
    NDArray rest = xi.mul(-1).add(1);
    NDArray rising = slope.mul(xi);
    NDArray falling = before.mul(rest);
    return new Terms(
        rising.add(falling).mul(xi),
        xi.mul(rest).mul(curvature).add(slope),
        after.mul(xi.square()).add(rising.mul(2).add(falling).mul(rest)));
  }

  /** Numerator N, denominator Q and the quadratic P of the derivative. */
  record Terms(NDArray numerator, NDArray denominator, NDArray quadratic) {}

  /** The noise value. */
  NDArray noise(Terms terms) {
    return terms.numerator.div(terms.denominator).mul(height).add(bottom);
  }

  /** log dy/dx; the slope over the denominator is at most 2, so that no square overflows. */
  NDArray logDerivative(Terms terms) {
    return slope.div(terms.denominator).square().mul(terms.quadratic).log();
  }

  /**
   * The root of the quadratic that a relative height r solves (eqs. 25 to 29, divided by h). The
   * form that does not cancel is chosen by the sign of b; rounding may make the discriminant
   * negative. Not to be differentiated.
   *
   * @return a position in [0, 1]
   */
  NDArray root(NDArray r) {
    NDArray b = before.sub(r.mul(curvature));
    NDArray a = slope.sub(b);
    NDArray c = slope.mul(r);
    NDArray q = b.square().add(a.mul(c).mul(4)).maximum(0).sqrt();
    NDArray sum = b.add(q).maximum(1e-30);
    NDArray regular = c.mul(2).div(sum);
    NDArray falling = q.sub(b).div(a.mul(2));
    return ai.djl.ndarray.NDArrays.where(b.gte(0), regular, falling).clip(0, 1);
  }

  /**
   * One step of Newton's method for {@code N / Q = r}. It is what makes the inverse differentiable:
   * by the implicit function theorem its derivative is right to first order wherever it starts from
   * a root, also where rounding has eaten the discriminant.
   */
  NDArray newton(NDArray xi, NDArray r) {
    Terms terms = at(xi);
    NDArray error = terms.numerator.sub(r.mul(terms.denominator)).mul(terms.denominator);
    NDArray next = xi.sub(error.div(slope.mul(terms.quadratic)));
    NDArray value = next.stopGradient();
    return next.add(value.clip(0, 1).sub(value));
  }
}
