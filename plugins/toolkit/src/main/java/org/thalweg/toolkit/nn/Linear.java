package org.thalweg.toolkit.nn;

import ai.djl.ndarray.types.Shape;
import java.util.Optional;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Initializer;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.density.ParameterScope;

/** A fully connected layer: {@code y = W x + b}. */
public final class Linear implements Layer {
  private final Parameter weight;
  private final Parameter bias;

  /**
   * A layer that starts with weights and biases uniform on ± 1 / sqrt(in), the usual start of
   * residual nets.
   *
   * @param scope where {@code weight [out, in]} and {@code bias [out]} are declared
   */
  public Linear(ParameterScope scope, int in, int out) {
    this(scope, in, out, fanIn(in), fanIn(in));
  }

  /** A layer with a start of its own. */
  public Linear(ParameterScope scope, int in, int out, Initializer weight, Initializer bias) {
    this.weight = scope.parameter("weight", new Shape(out, in), weight);
    this.bias = scope.parameter("bias", new Shape(out), bias);
  }

  @Override
  public Dense bind(Binding binding) {
    return new Dense(binding.tape(), weight, bias, Optional.empty());
  }

  static Initializer fanIn(int in) {
    return Initializer.uniform(1 / Math.sqrt(Math.max(1, in)));
  }
}
