package org.thalweg.toolkit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Initializer;
import org.thalweg.api.density.ParameterScope;

/**
 * Pre-activation residual blocks (He and others, 2016, section 3):
 *
 * <pre>h + g(c) * (W2 dropout(relu(W1 relu(h) + b1)) + b2)</pre>
 *
 * with the gate g(c) = sigmoid(V c + d) where there is a context (Durkan and others, 2019, appendix
 * B.2). Each block starts close to the identity.
 */
final class ResidualBlocks {
  /** Starts a block's second layer next to nothing, so that a fresh block changes little. */
  static final Initializer SMALL = Initializer.uniform(1e-3);

  /** Makes a layer from H to H units; an absent start means the usual one. */
  @FunctionalInterface
  interface HiddenLayer {
    Layer declare(ParameterScope scope, Optional<Initializer> start);
  }

  private record Block(Layer first, Layer second, Optional<Linear> gate, Dropout dropout) {}

  private record Bound(
      Dense first,
      Dense second,
      Optional<Dense> gate,
      Optional<Function<Shape, NDArray>> dropout) {}

  private final List<Block> blocks = new ArrayList<>();

  ResidualBlocks(ParameterScope scope, NetSize size, int context, HiddenLayer layer) {
    for (int i = 0; i < size.blocks(); i++) {
      ParameterScope own = scope.child("block" + i);
      Layer first = layer.declare(own.child("first"), Optional.empty());
      Layer second = layer.declare(own.child("second"), Optional.of(SMALL));
      Optional<Linear> gate =
          context == 0
              ? Optional.empty()
              : Optional.of(new Linear(own.child("gate"), context, size.hidden()));
      blocks.add(new Block(first, second, gate, new Dropout(size.dropout())));
    }
  }

  /** The blocks on a tape, for one batch of contexts after another. */
  Gated bind(Binding binding) {
    List<Bound> bound = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i++) {
      Block block = blocks.get(i);
      bound.add(
          new Bound(
              block.first.bind(binding),
              block.second.bind(binding),
              block.gate.map(gate -> gate.bind(binding)),
              block.dropout.masks(binding.child("block" + i))));
    }
    return context -> given(bound, context);
  }

  /** Blocks that wait for a context. */
  @FunctionalInterface
  interface Gated {
    Given given(Optional<NDArray> context);
  }

  private static Given given(List<Bound> blocks, Optional<NDArray> context) {
    return new Given(
        blocks.stream()
            .map(
                block ->
                    new Applied(
                        block.first,
                        block.second,
                        block.gate.map(gate -> gate(gate, context.orElseThrow())),
                        block.dropout))
            .toList());
  }

  private static RepeatedRows gate(Dense gate, NDArray context) {
    return new RepeatedRows(Activation.sigmoid(gate.apply(context)));
  }

  /** One block for a batch of contexts. */
  record Applied(
      Dense first,
      Dense second,
      Optional<RepeatedRows> gate,
      Optional<Function<Shape, NDArray>> dropout) {}

  /** The blocks for a batch of contexts. */
  record Given(List<Applied> blocks) implements UnaryOperator<NDArray> {
    @Override
    public NDArray apply(NDArray input) {
      NDArray h = input;
      for (Applied block : blocks) {
        NDArray inner = Activation.relu(block.first.apply(Activation.relu(h)));
        NDArray dropped =
            block.dropout.map(of -> inner.mul(of.apply(inner.getShape()))).orElse(inner);
        NDArray update = block.second.apply(dropped);
        long rows = h.getShape().get(0);
        h = h.add(block.gate.map(gate -> update.mul(gate.matching(rows))).orElse(update));
      }
      return h;
    }
  }
}
