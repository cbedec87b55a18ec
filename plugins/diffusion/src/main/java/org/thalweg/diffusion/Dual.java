package org.thalweg.diffusion;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.thalweg.toolkit.nn.Convolution;
import org.thalweg.toolkit.nn.Dense;

/**
 * Numbers with their rates of change in K directions, which pass through a net together: forward
 * differentiation. A net that is written over this gives Jacobian-vector products at the cost of a
 * forward pass each, without anything being recorded.
 *
 * @param value {@code [N, ...]}
 * @param rates {@code [K, N, ...]}, or {@code [K, 1, ...]} where all rows have the same
 */
record Dual(NDArray value, Optional<NDArray> rates) {
  /** Numbers whose rates nobody asks for. */
  static Dual of(NDArray value) {
    return new Dual(value, Optional.empty());
  }

  private Dual map(NDArray newValue, UnaryOperator<NDArray> ofRates) {
    return new Dual(newValue, rates.map(ofRates));
  }

  Dual dense(Dense layer) {
    return map(layer.apply(value), layer::applyLinear);
  }

  Dual convolution(Convolution.Bound layer) {
    return map(layer.apply(value), r -> folded(r, layer::applyLinear));
  }

  /** A linear map of batches {@code [N, ...]}. */
  Dual linear(UnaryOperator<NDArray> map) {
    return map(map.apply(value), r -> folded(r, map));
  }

  /** {@code x sigmoid(x)} of each number. */
  Dual silu() {
    NDArray sigmoid = Activation.sigmoid(value);
    NDArray out = value.mul(sigmoid);
    return map(out, r -> r.mul(slope(out, sigmoid)));
  }

  /**
   * {@code silu(gain x + shift)}, for gains and shifts that do not depend on the input: all rates
   * are multiplied once, and in place, since they are many. These numbers are not used afterwards.
   */
  Dual modulatedSilu(NDArray gain, NDArray shift) {
    NDArray moved = value.mul(gain).add(shift);
    NDArray sigmoid = Activation.sigmoid(moved);
    NDArray out = moved.mul(sigmoid);
    return map(out, r -> r.muli(slope(out, sigmoid).muli(gain)));
  }

  /** (x q)' = q + x q (1 - q), of which x q is known. */
  private static NDArray slope(NDArray out, NDArray sigmoid) {
    return out.add(sigmoid).subi(out.mul(sigmoid));
  }

  /** Adds numbers that do not depend on the input. */
  Dual shift(NDArray by) {
    return map(value.add(by), r -> r);
  }

  /** Adds numbers of full shape, which are not used afterwards: their rates take on the sum. */
  Dual addTo(Dual other) {
    return map(value.add(other.value), r -> other.rates.orElseThrow().addi(r));
  }

  /** Joins along axis 1 of the values, such as the channels of images. */
  Dual join(Dual other) {
    return map(
        value.concat(other.value, 1),
        r -> {
          NDArray theirs = other.rates.orElseThrow();
          return r.concat(theirs, 2);
        });
  }

  /** A map of {@code [N, ...]}, for {@code [K, N, ...]}. */
  private static NDArray folded(NDArray rates, UnaryOperator<NDArray> map) {
    Shape shape = rates.getShape();
    long k = shape.get(0);
    long n = shape.get(1);
    NDArray mapped = map.apply(rates.reshape(new Shape(k * n).addAll(shape.slice(2))));
    return mapped.reshape(new Shape(k, n).addAll(mapped.getShape().slice(1)));
  }
}
