package org.thalweg.toolkit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.thalweg.api.density.Binding;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;

/**
 * Drops units in training and scales the others up. The units that a binding drops depend on its
 * seed and on the number of rows alone: a net that is applied twice to as many rows is the same
 * function, so that a transform in training still undoes itself.
 */
public final class Dropout {
  private final double rate;

  /**
   * A site.
   *
   * @param rate the probability that a unit is dropped, in [0, 1)
   */
  public Dropout(double rate) {
    this.rate = rate;
  }

  /** The operation on {@code [N, H]}; the binding is this site's own. */
  public UnaryOperator<NDArray> bind(Binding binding) {
    Optional<Function<Shape, NDArray>> masks = masks(binding);
    return x -> masks.map(of -> x.mul(of.apply(x.getShape()))).orElse(x);
  }

  /** What units are multiplied by, where any are dropped. */
  public Optional<Function<Shape, NDArray>> masks(Binding binding) {
    if (rate == 0 || binding.mode() != Binding.Mode.TRAIN) {
      return Optional.empty();
    }
    Map<Shape, NDArray> masks = new HashMap<>();
    return Optional.of(
        units ->
            masks.computeIfAbsent(units, shape -> mask(binding.tape(), binding.seed(), shape)));
  }

  private NDArray mask(Tape tape, Seed seed, Shape shape) {
    SplittableRandom random = seed.child(shape.get(0)).generator();
    double[] values = new double[Math.toIntExact(shape.size())];
    double kept = 1 / (1 - rate);
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextDouble() < rate ? 0 : kept;
    }
    return tape.constant(values, shape);
  }
}
