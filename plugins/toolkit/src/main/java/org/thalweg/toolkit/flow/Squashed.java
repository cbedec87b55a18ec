package org.thalweg.toolkit.flow;

import ai.djl.ndarray.NDArray;
import org.thalweg.api.data.Kind;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.transform.Cost;
import org.thalweg.api.transform.Elementwise;
import org.thalweg.api.transform.Support;
import org.thalweg.api.transform.Univariate;

/**
 * A family over an interval as one over the line: a sigmoid onto the interval, the family, and back
 * (Durkan and others, 2019, "Cubic-spline flows", section 2.2). Near the ends of the interval
 * single precision runs out of digits, so that beyond a bound the map goes on as a straight line,
 * with the slope that it has there.
 */
public final class Squashed implements Univariate {
  /** The sigmoid of it is 0.0025 from its end: in single precision, four digits of the distance. */
  private static final double BOUND = 6;

  private final Univariate family;
  private final Curve sigmoid;

  /**
   * The family over the line.
   *
   * @throws ThalwegException where the family's domain is not an interval
   */
  public Squashed(Univariate family) {
    if (!(family.domain() instanceof Kind.Bounded interval)) {
      throw ThalwegException.usage(
          "Only a family over an interval can be squashed, got one over %s.", family.domain());
    }
    this.family = family;
    this.sigmoid = new Sigmoid(new Support.Interval(interval.low(), interval.high()));
  }

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
    return family.inverseCost();
  }

  @Override
  public Elementwise forward(Tape tape, NDArray x, NDArray parameters) {
    NDArray within = x.clip(-BOUND, BOUND);
    Elementwise at = inside(tape, within, parameters);
    return new Elementwise(
        at.value().add(x.sub(within).mul(at.logDerivative().exp())), at.logDerivative());
  }

  @Override
  public Elementwise inverse(Tape tape, NDArray y, NDArray parameters) {
    NDArray low = inside(tape, y.zerosLike().sub(BOUND), parameters).value();
    NDArray high = inside(tape, y.zerosLike().add(BOUND), parameters).value();
    NDArray within = y.maximum(low).minimum(high);
    Elementwise onto = sigmoid.fromLine(within);
    Elementwise mapped = family.inverse(tape, onto.value(), parameters);
    Elementwise back = sigmoid.toLine(mapped.value());
    NDArray slope = onto.logDerivative().add(mapped.logDerivative()).add(back.logDerivative());
    return new Elementwise(back.value().add(y.sub(within).mul(slope.exp())), slope);
  }

  private Elementwise inside(Tape tape, NDArray x, NDArray parameters) {
    Elementwise onto = sigmoid.fromLine(x);
    Elementwise mapped = family.forward(tape, onto.value(), parameters);
    Elementwise back = sigmoid.toLine(mapped.value());
    return new Elementwise(
        back.value(), onto.logDerivative().add(mapped.logDerivative()).add(back.logDerivative()));
  }
}
