package org.thalweg.toolkit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.ParameterScope;

/**
 * A residual net over images: a 1 x 1 convolution, pre-activation residual blocks of two 3 x 3
 * convolutions, a 1 x 1 convolution (Durkan and others, 2019, appendix B.3). Before each activation
 * of a block stands a {@link ChannelNorm}. A context is added to the first layer at every pixel and
 * gates every block, as in {@link ResidualNet}.
 */
public final class ConvolutionalNet {
  private record Block(
      ChannelNorm before,
      Convolution first,
      ChannelNorm between,
      Dropout dropout,
      Convolution second,
      Optional<Linear> gate) {}

  private record BoundBlock(UnaryOperator<NDArray> update, Optional<Dense> gate) {}

  private final Convolution first;
  private final Optional<Linear> ofContext;
  private final List<Block> blocks = new ArrayList<>();
  private final Convolution last;

  /**
   * A net.
   *
   * @param scope where the parameters are declared
   * @param inputs the channels of an image
   * @param context the numbers in a context, 0 where there is none
   * @param size the layers; {@code hidden} counts channels
   * @param outputs the channels that an image is mapped to
   * @param head the start of the last layer
   */
  public ConvolutionalNet(
      ParameterScope scope, int inputs, int context, NetSize size, int outputs, Head head) {
    int hidden = size.hidden();
    first = Convolution.usual(scope.child("first"), inputs, hidden, 1);
    ofContext = linear(scope.child("context"), context, hidden);
    for (int i = 0; i < size.blocks(); i++) {
      ParameterScope own = scope.child("block" + i);
      blocks.add(
          new Block(
              new ChannelNorm(own.child("before"), hidden),
              Convolution.usual(own.child("first"), hidden, hidden, 3),
              new ChannelNorm(own.child("between"), hidden),
              new Dropout(size.dropout()),
              new Convolution(
                  own.child("second"),
                  hidden,
                  hidden,
                  3,
                  new Head(ResidualBlocks.SMALL, ResidualBlocks.SMALL)),
              linear(own.child("gate"), context, hidden)));
    }
    last = new Convolution(scope.child("last"), hidden, outputs, 1, head);
  }

  private static Optional<Linear> linear(ParameterScope scope, int context, int hidden) {
    return context == 0 ? Optional.empty() : Optional.of(new Linear(scope, context, hidden));
  }

  /** A net that waits for its contexts. */
  @FunctionalInterface
  public interface Bound {
    /**
     * The net for a batch of contexts, which are embedded once.
     *
     * @param context {@code [N, context]}, present where the net has one
     * @return a map of {@code [N * K, inputs, H, W]} to {@code [N * K, outputs, H, W]}, with K
     *     consecutive images for each context
     */
    UnaryOperator<NDArray> given(Optional<NDArray> context);
  }

  /** The net on a tape. */
  public Bound bind(Binding binding) {
    UnaryOperator<NDArray> in = first.bind(binding)::apply;
    Optional<Dense> embedding = ofContext.map(layer -> layer.bind(binding));
    List<BoundBlock> bound = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i++) {
      bound.add(bind(blocks.get(i), binding.child("block" + i)));
    }
    UnaryOperator<NDArray> out = last.bind(binding)::apply;
    return context -> {
      Optional<RepeatedRows> added = embedding.map(e -> everywhere(e.apply(context.orElseThrow())));
      List<Optional<RepeatedRows>> gates =
          bound.stream().map(block -> block.gate.map(g -> gate(g, context.orElseThrow()))).toList();
      return x -> {
        long rows = x.getShape().get(0);
        NDArray start = in.apply(x);
        NDArray h = added.map(a -> start.add(a.matching(rows))).orElse(start);
        for (int i = 0; i < bound.size(); i++) {
          NDArray update = bound.get(i).update.apply(h);
          h = h.add(gates.get(i).map(g -> update.mul(g.matching(rows))).orElse(update));
        }
        return out.apply(h);
      };
    };
  }

  private static BoundBlock bind(Block block, Binding binding) {
    UnaryOperator<NDArray> before = block.before.bind(binding);
    UnaryOperator<NDArray> one = block.first.bind(binding)::apply;
    UnaryOperator<NDArray> between = block.between.bind(binding);
    UnaryOperator<NDArray> dropout = block.dropout.bind(binding);
    UnaryOperator<NDArray> two = block.second.bind(binding)::apply;
    return new BoundBlock(
        h -> {
          NDArray inner = one.apply(Activation.relu(before.apply(h)));
          return two.apply(dropout.apply(Activation.relu(between.apply(inner))));
        },
        block.gate.map(gate -> gate.bind(binding)));
  }

  private static RepeatedRows gate(Dense gate, NDArray context) {
    return everywhere(Activation.sigmoid(gate.apply(context)));
  }

  /** {@code [N, C]} at every pixel. */
  private static RepeatedRows everywhere(NDArray channels) {
    return new RepeatedRows(channels.reshape(channels.getShape().add(1, 1)));
  }
}
