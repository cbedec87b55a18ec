package org.thalweg.toolkit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
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
  private final int[] inputs;
  private final int[] outputs;

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
    this.inputs = inputs.clone();
    this.outputs = outputs.clone();
    this.weight = scope.parameter("weight", new Shape(outputs.length, inputs.length), weight);
    this.bias = scope.parameter("bias", new Shape(outputs.length), bias);
  }

  /** Masks the weights, once for all uses of what is returned. */
  @Override
  public Dense bind(Binding binding) {
    Tape tape = binding.tape();
    NDArray seen = column(tape, outputs).gte(row(tape, inputs));
    NDArray all = tape.parameter(weight);
    NDArray masked = all.mul(seen.toType(all.getDataType(), false));
    return new Dense(masked, tape.parameter(bias));
  }

  private static NDArray column(Tape tape, int[] degrees) {
    return tape.constant(Arrays.stream(degrees).asDoubleStream().toArray(), shape(degrees, 1));
  }

  private static NDArray row(Tape tape, int[] degrees) {
    return tape.constant(
        Arrays.stream(degrees).asDoubleStream().toArray(), new Shape(1, degrees.length));
  }

  private static Shape shape(int[] degrees, int width) {
    return new Shape(degrees.length, width);
  }
}
