package org.thalweg.toolkit.nn;

import ai.djl.ndarray.types.Shape;
import java.util.Optional;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Initializer;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.density.ParameterScope;
import org.thalweg.api.engine.Tape;

/**
 * A fully connected layer whose unit i sees unit j of the layer before only where {@code degree(i)
 * >= degree(j)} (Germain and others, 2015, eq. 8).
 */
public final class MaskedLinear implements Layer {
  private final Parameter weight;
  private final Parameter bias;
  private final Constant mask;

  /**
   * A layer with the usual start, see {@link Linear}.
   *
   * @param inputs the degree of each input
   * @param outputs the degree of each output
   */
  public MaskedLinear(ParameterScope scope, int[] inputs, int[] outputs) {
    this(scope, inputs, outputs, Linear.fanIn(inputs.length), Linear.fanIn(inputs.length));
  }

  /** A layer with a start of its own. */
  public MaskedLinear(
      ParameterScope scope, int[] inputs, int[] outputs, Initializer weight, Initializer bias) {
    int[] in = inputs.clone();
    int[] out = outputs.clone();
    this.mask = Constant.mask(out.length, in.length, (i, j) -> out[i] >= in[j]);
    this.weight = scope.parameter("weight", new Shape(outputs.length, inputs.length), weight);
    this.bias = scope.parameter("bias", new Shape(outputs.length), bias);
  }

  /** The masks are folded into the weights once for all uses of what is returned. */
  @Override
  public Dense bind(Binding binding) {
    Tape tape = binding.tape();
    return new Dense(tape, weight, bias, Optional.of(mask.lasting(tape.engine())));
  }
}
