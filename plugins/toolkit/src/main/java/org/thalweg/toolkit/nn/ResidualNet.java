package org.thalweg.toolkit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.ParameterScope;

/**
 * A residual net: a linear layer, pre-activation residual blocks with ReLU, a linear layer (Durkan
 * and others, 2019, section 5). A context is concatenated to the input and gates every block.
 */
public final class ResidualNet {
  private final int inputs;
  private final Shape shape;
  private final Linear first;
  private final ResidualBlocks blocks;
  private final Linear last;

  /**
   * A net.
   *
   * @param scope where the parameters are declared
   * @param inputs the numbers in a row
   * @param context the numbers in a context, 0 where there is none
   * @param size the layers
   * @param outputs the shape that a row is mapped to
   * @param head the start of the last layer
   */
  public ResidualNet(
      ParameterScope scope, int inputs, int context, NetSize size, Shape outputs, Head head) {
    int hidden = size.hidden();
    this.inputs = inputs;
    this.shape = outputs;
    first = new Linear(scope.child("first"), inputs + context, hidden);
    blocks =
        new ResidualBlocks(
            scope,
            size,
            context,
            (own, start) ->
                start
                    .map(s -> new Linear(own, hidden, hidden, s, s))
                    .orElseGet(() -> new Linear(own, hidden, hidden)));
    last =
        new Linear(scope.child("last"), hidden, (int) outputs.size(), head.weight(), head.bias());
  }

  /** A net whose outputs for a row are a vector. */
  public ResidualNet(
      ParameterScope scope, int inputs, int context, NetSize size, int outputs, Head head) {
    this(scope, inputs, context, size, new Shape(outputs), head);
  }

  /** The net on a tape. */
  public Bound bind(Binding binding) {
    Dense in = first.bind(binding);
    Dense out = last.bind(binding);
    ResidualBlocks.Gated gated = blocks.bind(binding);
    return context -> {
      InputLayer input = new InputLayer(in, inputs, context);
      ResidualBlocks.Given body = gated.given(context);
      return x -> ResidualOperation.apply(binding.tape(), x, input, body, out, shape);
    };
  }

  /** A net that waits for its contexts. */
  @FunctionalInterface
  public interface Bound {
    /**
     * The net for a batch of contexts, which are embedded once.
     *
     * @param context {@code [N, context]}, present where the net has one
     * @return a map of {@code [N * K, inputs]} to {@code [N * K, outputs]}, with K consecutive rows
     *     for each context
     */
    UnaryOperator<NDArray> given(Optional<NDArray> context);
  }
}
