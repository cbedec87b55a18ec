package org.thalweg.diffusion;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.density.ParameterScope;
import org.thalweg.toolkit.nn.Dense;
import org.thalweg.toolkit.nn.Linear;
import org.thalweg.toolkit.nn.Ops;

/**
 * Makes numbers of the time and the context that every block of a net takes. The time, as a quarter
 * of log(s / m), goes in by itself and as sines and cosines of random frequencies (Tancik and
 * others, 2020, section 5; Song and others, 2021).
 */
final class TimeEmbedding {
  /** log(s / m) runs over about ±8, so that this runs over ±2. */
  private static final double QUARTER = 0.25;

  /** More numbers than this say nothing new about a time, and every block pays for them. */
  private static final int WIDEST = 64;

  private final Parameter frequencies;
  private final Linear first;
  private final Linear second;

  /**
   * An embedding.
   *
   * @param count the number of frequencies
   * @param context the numbers in a context, 0 where there is none
   * @param outputs the numbers that it makes
   */
  TimeEmbedding(ParameterScope scope, int count, int context, int outputs) {
    frequencies = scope.buffer("frequencies", new Shape(1, count), TimeEmbedding::normal);
    first = new Linear(scope.child("first"), 1 + 2 * count + context, outputs);
    second = new Linear(scope.child("second"), outputs, outputs);
  }

  private static double[] normal(int size, SplittableRandom random) {
    double[] out = new double[size];
    Arrays.setAll(out, i -> random.nextGaussian());
    return out;
  }

  /** The usual number of outputs for a net with so many units in a layer. */
  static int width(int hidden) {
    return Math.min(hidden, WIDEST);
  }

  /** Waits for the times. */
  @FunctionalInterface
  interface Bound {
    /** The numbers {@code [N, outputs]} of {@code logRatio [N, 1]} and {@code context [N, C]}. */
    NDArray apply(NDArray logRatio, Optional<NDArray> context);
  }

  Bound bind(Binding binding) {
    NDArray turns = binding.tape().parameter(frequencies);
    NDArray waves = turns.mul(Ops.number(turns, 2 * Math.PI));
    Dense one = first.bind(binding);
    Dense two = second.bind(binding);
    return (logRatio, context) -> {
      NDArray time = logRatio.mul(Ops.number(logRatio, QUARTER));
      NDArray angles = time.matMul(waves);
      NDList parts = new NDList(time, angles.sin(), angles.cos());
      context.ifPresent(parts::add);
      Dual features = Dual.of(Ops.concat(parts, 1));
      return features.dense(one).silu().dense(two).silu().value();
    };
  }
}
