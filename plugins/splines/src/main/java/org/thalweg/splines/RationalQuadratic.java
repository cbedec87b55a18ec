package org.thalweg.splines;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import org.thalweg.api.data.Kind;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.transform.Elementwise;
import org.thalweg.api.transform.Univariate;

/**
 * The monotonic rational-quadratic spline on [-B, B] (Durkan and others, 2019, section 3.1, after
 * Gregory and Delbourgo, 1982). K bins have K widths and K heights through a softmax, and slopes
 * through a softplus, each above a floor. With linear tails the slope at both ends is theirs, 1,
 * and there are 3 K - 1 parameters; on a bounded interval there are 3 K + 1, on a circle 3 K.
 */
final class RationalQuadratic implements Univariate {
  private final RationalQuadraticConfig config;

  RationalQuadratic(RationalQuadraticConfig config) {
    this.config = config;
  }

  @Override
  public int parameterCount() {
    return 2 * config.bins() + config.ends().slopes(config.bins());
  }

  @Override
  public double[] identity() {
    double[] out = new double[parameterCount()];
    double unitSlope = Math.log(Math.expm1(1 - config.minDerivative()));
    java.util.Arrays.fill(out, 2 * config.bins(), out.length, unitSlope);
    return out;
  }

  @Override
  public Kind domain() {
    return config.ends().domain(config.tailBound());
  }

  RationalQuadraticConfig config() {
    return config;
  }

  @Override
  public Elementwise forward(Tape tape, NDArray x, NDArray parameters) {
    return fused(tape, wrapped(x), parameters, Knots.Axis.DATA);
  }

  @Override
  public Elementwise inverse(Tape tape, NDArray y, NDArray parameters) {
    return fused(tape, wrapped(y), parameters, Knots.Axis.NOISE);
  }

  /** An angle as it lies in [-pi, pi]; anything else as it is. */
  private NDArray wrapped(NDArray argument) {
    if (config.ends() != Ends.CIRCULAR) {
      return argument;
    }
    NDArray turns = argument.stopGradient().div(2 * Math.PI).round();
    return argument.sub(turns.mul(2 * Math.PI));
  }

  private Elementwise fused(Tape tape, NDArray argument, NDArray parameters, Knots.Axis axis) {
    if (!tape.engine().hostViews()) {
      return ScriptedRationalQuadratic.apply(tape, config, axis, argument, parameters);
    }
    NDArray exponentials = parameters.stopGradient().exp();
    FusedRationalQuadratic operation = new FusedRationalQuadratic(this, axis, tape.mode());
    NDList mapped = tape.apply(operation, argument, parameters, exponentials);
    return new Elementwise(mapped.get(0), mapped.get(1));
  }

  /** {@link #forward} of tensor operations alone. */
  Elementwise composedForward(Tape tape, NDArray x, NDArray parameters) {
    NDArray value = flat(x);
    NDArray within = within(value);
    Bin bin = knots(tape, parameters).find(within, Knots.Axis.DATA);
    Bin.Terms terms = bin.at(bin.position(within));
    return join(x, value, bin.noise(terms), bin.logDerivative(terms));
  }

  /** {@link #inverse} of tensor operations alone. */
  Elementwise composedInverse(Tape tape, NDArray y, NDArray parameters) {
    NDArray value = flat(y);
    NDArray within = within(value);
    Bin bin = knots(tape, parameters).find(within, Knots.Axis.NOISE);
    NDArray r = bin.relativeHeight(within);
    NDArray xi = bin.newton(bin.detached().root(r.stopGradient()), r);
    if (tape.mode() == Tape.Mode.SECOND_ORDER) {
      // The second step makes the second derivatives right as well.
      xi = bin.newton(xi, r);
    }
    return join(y, value, bin.data(xi), bin.logDerivative(bin.at(xi)).neg());
  }

  private Knots knots(Tape tape, NDArray parameters) {
    Shape shape = parameters.getShape();
    long elements = shape.get(0) * shape.get(1);
    return Knots.of(tape, parameters.reshape(new Shape(elements, parameterCount())), config);
  }

  /** Outside the bound the spline is evaluated at the bound, and not used. */
  private NDArray within(NDArray value) {
    return value.clip(-config.bound(), config.bound());
  }

  private static NDArray flat(NDArray batch) {
    return batch.reshape(new Shape(1, batch.size()));
  }

  private Elementwise join(NDArray argument, NDArray value, NDArray mapped, NDArray logDerivative) {
    Shape shape = argument.getShape();
    if (config.ends() == Ends.CIRCULAR) {
      return new Elementwise(mapped.reshape(shape), logDerivative.reshape(shape));
    }
    NDArray inside = value.abs().lte(config.bound());
    return new Elementwise(
        NDArrays.where(inside, mapped, value).reshape(shape),
        NDArrays.where(inside, logDerivative, logDerivative.zerosLike()).reshape(shape));
  }
}
