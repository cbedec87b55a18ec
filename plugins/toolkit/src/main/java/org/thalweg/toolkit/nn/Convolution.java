package org.thalweg.toolkit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.density.ParameterScope;

/**
 * A convolution of images with a square kernel of odd side. Zeros around an image keep its size.
 */
public final class Convolution {
  private final Parameter weight;
  private final Parameter bias;
  private final long padding;

  /**
   * A convolution with a start of its own: {@code weight [out, in, side, side]} and {@code bias
   * [out]}.
   */
  public Convolution(ParameterScope scope, int in, int out, int side, Head start) {
    weight = scope.parameter("weight", new Shape(out, in, side, side), start.weight());
    bias = scope.parameter("bias", new Shape(out), start.bias());
    padding = side / 2;
  }

  /** A convolution with the usual start, see {@link Linear}. */
  public static Convolution usual(ParameterScope scope, int in, int out, int side) {
    return new Convolution(scope, in, out, side, Head.usual(in * side * side));
  }

  /** The map on a tape. */
  public Bound bind(Binding binding) {
    return new Bound(binding.tape().parameter(weight), binding.tape().parameter(bias), padding);
  }

  /**
   * A convolution on a tape.
   *
   * @param weight {@code [out, in, side, side]}
   * @param bias {@code [out]}
   * @param padding zeros on each side of an image
   */
  public record Bound(NDArray weight, NDArray bias, long padding) {
    /** The map of {@code [N, in, H, W]} to {@code [N, out, H, W]}. */
    public NDArray apply(NDArray x) {
      return apply(x, bias);
    }

    /** The linear part of the map: what it makes of a change of its input. */
    public NDArray applyLinear(NDArray x) {
      return apply(x, bias.zerosLike());
    }

    private NDArray apply(NDArray x, NDArray shift) {
      Shape stride = new Shape(1, 1);
      Shape around = new Shape(padding, padding);
      return Conv2d.conv2d(x, weight, shift, stride, around).singletonOrThrow();
    }
  }
}
