package org.thalweg.toolkit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.nn.core.Linear;
import java.util.Optional;
import java.util.function.Function;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.engine.Tape;

/** An affine map on a tape. */
public final class Dense {
  /** What the map is made of, in one of two forms. */
  private interface Source {
    NDArray weight();

    NDArray bias();
  }

  private final Source own;
  private final Source given;
  private final Optional<NDArray> mask;
  private Optional<NDArray> masked = Optional.empty();

  /**
   * A map.
   *
   * @param weight {@code [out, in]}
   * @param bias {@code [out]}
   */
  public Dense(NDArray weight, NDArray bias) {
    this(weight, bias, Optional.empty());
  }

  /** A map whose weights count where a mask is 1. */
  Dense(NDArray weight, NDArray bias, Optional<NDArray> mask) {
    this.own = new Arrays(weight, bias);
    this.given = own;
    this.mask = mask;
  }

  /** A map of parameters; the mask is a {@link Constant#lasting} array. */
  Dense(Tape tape, Parameter weight, Parameter bias, Optional<NDArray> mask) {
    this.own = new Parameters(weight, bias, tape::parameter);
    this.given = new Parameters(weight, bias, tape::argument);
    this.mask = mask;
  }

  private record Arrays(NDArray weight, NDArray bias) implements Source {}

  private record Parameters(
      Parameter ofWeight, Parameter ofBias, Function<Parameter, NDArray> value) implements Source {
    @Override
    public NDArray weight() {
      return value.apply(ofWeight);
    }

    @Override
    public NDArray bias() {
      return value.apply(ofBias);
    }
  }

  /** The weights {@code [out, in]}, masked, once, where the layer has a mask. */
  public NDArray weight() {
    if (masked.isEmpty()) {
      NDArray all = own.weight();
      masked = Optional.of(mask.map(all::mul).orElse(all));
    }
    return masked.get();
  }

  /** The biases {@code [out]}. */
  public NDArray bias() {
    return own.bias();
  }

  /** The weights before they are masked, as an argument of an operation. */
  NDArray rawArgument() {
    return given.weight();
  }

  /** The biases, as an argument of an operation. */
  NDArray biasArgument() {
    return given.bias();
  }

  /** What the weights are masked by. */
  Optional<NDArray> mask() {
    return mask;
  }

  /**
   * The map of each row.
   *
   * @param x {@code [N, in]}
   * @return {@code [N, out]}
   */
  public NDArray apply(NDArray x) {
    return Linear.linear(x, weight(), bias()).singletonOrThrow();
  }

  /** The linear part of the map, of {@code [..., in]}: what it makes of a change of its input. */
  public NDArray applyLinear(NDArray x) {
    return x.matMul(weight().transpose());
  }

  /** The weights of the inputs {@code from} to {@code to}, the latter excluded. */
  NDArray inputs(long from, long to) {
    return weight().get(new NDIndex(":, {}:{}", from, to));
  }

  /** The map to the outputs {@code from} to {@code to} alone, the latter excluded. */
  Dense outputs(long from, long to) {
    NDIndex rows = new NDIndex("{}:{}", from, to);
    return new Dense(weight().get(rows), bias().get(rows));
  }
}
