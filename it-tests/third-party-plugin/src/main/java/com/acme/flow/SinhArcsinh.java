package com.acme.flow;

import ai.djl.ndarray.NDArray;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.transform.Elementwise;
import org.thalweg.api.transform.Univariate;

/**
 * The sinh-arcsinh family: {@code y = sinh(delta * asinh(u) - epsilon)} of {@code u = (x - mu) *
 * s}; epsilon skews, delta sets the weight of the tails (Jones and Pewsey, Biometrika 2009, eq. 1).
 *
 * <p>Beyond {@code |u| = BOUND} the map goes on as its tangent, so that it stays finite.
 */
final class SinhArcsinh implements Univariate {
  private static final double BOUND = 1e3;

  @Override
  public int parameterCount() {
    return 4;
  }

  @Override
  public double[] identity() {
    return new double[4];
  }

  @Override
  public Elementwise forward(Tape tape, NDArray x, NDArray parameters) {
    Member member = new Member(parameters);
    NDArray u = x.sub(member.location).mul(member.logScale.exp());
    NDArray inside = u.clip(-BOUND, BOUND);
    NDArray w = asinh(inside).mul(member.logTail.exp()).sub(member.skew);
    NDArray logSlope = member.logSlope(inside, w);
    NDArray y = sinh(w).add(u.sub(inside).mul(logSlope.exp()));
    return new Elementwise(y, logSlope.add(member.logScale));
  }

  @Override
  public Elementwise inverse(Tape tape, NDArray y, NDArray parameters) {
    Member member = new Member(parameters);
    NDArray inside = y.minimum(member.edge(BOUND)).maximum(member.edge(-BOUND));
    NDArray w = asinh(inside);
    NDArray centre = sinh(w.add(member.skew).div(member.logTail.exp()));
    NDArray logSlope = member.logSlope(centre, w);
    NDArray u = centre.add(y.sub(inside).div(logSlope.exp()));
    NDArray x = u.mul(member.logScale.neg().exp()).add(member.location);
    return new Elementwise(x, logSlope.add(member.logScale).neg());
  }

  /** One member of the family for each element, with its parameters held to where it is finite. */
  private static final class Member {
    final NDArray location;
    final NDArray logScale;
    final NDArray skew;
    final NDArray logTail;

    Member(NDArray parameters) {
      location = parameters.get("..., 0");
      logScale = parameters.get("..., 1").div(2).tanh().mul(2);
      skew = parameters.get("..., 2").div(2).tanh().mul(2);
      logTail = parameters.get("..., 3").tanh().mul(Math.log(2));
    }

    /** log dy/du at u, for w = delta * asinh(u) - epsilon: log(delta cosh(w) / sqrt(1 + u^2)). */
    NDArray logSlope(NDArray u, NDArray w) {
      NDArray logCosh = w.exp().add(w.neg().exp()).div(2).log();
      return logTail.add(logCosh).sub(u.square().add(1).log().div(2));
    }

    /** The value of the map at u. */
    NDArray edge(double u) {
      double asinh = Math.copySign(Math.log(Math.abs(u) + Math.hypot(u, 1)), u);
      return sinh(logTail.exp().mul(asinh).sub(skew));
    }
  }

  private static NDArray sinh(NDArray w) {
    return w.exp().sub(w.neg().exp()).div(2);
  }

  /**
   * Both signs apart, since {@code log(u + sqrt(u^2 + 1))} cancels for negative u. At 0 each half
   * of a maximum takes half of the gradient, and the halves add up to 1.
   */
  private static NDArray asinh(NDArray u) {
    return ofPositive(u.maximum(0)).sub(ofPositive(u.neg().maximum(0)));
  }

  private static NDArray ofPositive(NDArray u) {
    return u.add(u.square().add(1).sqrt()).log();
  }
}
