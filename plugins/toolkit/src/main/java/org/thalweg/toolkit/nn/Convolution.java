package org.thalweg.toolkit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import java.util.function.UnaryOperator;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.density.ParameterScope;

/**
 * A convolution of images with a square kernel of odd side. Zeros around an image keep its size.
 */
final class Convolution {
  private final Parameter weight;
  private final Parameter bias;
  private final long padding;

  /** Declares {@code weight [out, in, side, side]} and {@code bias [out]}. */
  Convolution(ParameterScope scope, int in, int out, int side, Head start) {
    weight = scope.parameter("weight", new Shape(out, in, side, side), start.weight());
    bias = scope.parameter("bias", new Shape(out), start.bias());
    padding = side / 2;
  }

  /** A convolution with the usual start, see {@link Linear}. */
  static Convolution usual(ParameterScope scope, int in, int out, int side) {
    return new Convolution(scope, in, out, side, Head.usual(in * side * side));
  }

  /** The map of {@code [N, in, H, W]} to {@code [N, out, H, W]}. */
  UnaryOperator<NDArray> bind(Binding binding) {
    NDArray w = binding.tape().parameter(weight);
    NDArray b = binding.tape().parameter(bias);
    Shape stride = new Shape(1, 1);
    Shape around = new Shape(padding, padding);
    return x -> Conv2d.conv2d(x, w, b, stride, around).singletonOrThrow();
  }
}
