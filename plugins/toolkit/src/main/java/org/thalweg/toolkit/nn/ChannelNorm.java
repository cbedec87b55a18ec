package org.thalweg.toolkit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Initializer;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.density.ParameterScope;

/**
 * Gain and shift of every channel, which start so that the channels of a first batch leave with
 * mean 0 and variance 1: batch normalisation with the statistics of that batch alone (Salimans and
 * Kingma, 2016, section 3). Statistics of each batch would make a row's density depend on the rows
 * beside it, and those that workers share would make it depend on their number.
 */
final class ChannelNorm {
  /** A channel that is as good as constant in the first batch is only shifted, not blown up. */
  private static final double SMALLEST_VARIANCE = 1e-5;

  private final Parameter gain;
  private final Parameter shift;

  ChannelNorm(ParameterScope scope, int channels) {
    gain = scope.parameter("gain", new Shape(channels), Initializer.repeat(1));
    shift = scope.parameter("shift", new Shape(channels), Initializer.ZEROS);
  }

  /** The map of {@code [N, C, H, W]}. */
  UnaryOperator<NDArray> bind(Binding binding) {
    return x -> {
      if (binding.mode() == Binding.Mode.INITIALISE) {
        start(binding, x);
      }
      return x.mul(perChannel(binding, gain)).add(perChannel(binding, shift));
    };
  }

  private static NDArray perChannel(Binding binding, Parameter parameter) {
    return binding
        .tape()
        .parameter(parameter)
        .reshape(new Shape(1, parameter.shape().get(0), 1, 1));
  }

  private void start(Binding binding, NDArray x) {
    NDArray channels = x.transpose(1, 0, 2, 3).reshape(new Shape(x.getShape().get(1), -1));
    int[] pixels = {1};
    NDArray mean = channels.mean(pixels, true);
    double[] means = host(binding, mean);
    double[] gains = host(binding, channels.sub(mean).square().mean(pixels));
    Arrays.setAll(gains, i -> gains[i] < SMALLEST_VARIANCE ? 1 : 1 / Math.sqrt(gains[i]));
    Arrays.setAll(means, i -> -means[i] * gains[i]);
    gain.write(gains);
    shift.write(means);
  }

  private static double[] host(Binding binding, NDArray array) {
    return binding.tape().engine().hostView(array).toDoubles();
  }
}
