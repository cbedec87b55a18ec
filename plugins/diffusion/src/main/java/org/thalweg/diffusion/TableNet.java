package org.thalweg.diffusion;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Initializer;
import org.thalweg.api.density.ParameterScope;
import org.thalweg.toolkit.nn.Dense;
import org.thalweg.toolkit.nn.Linear;
import org.thalweg.toolkit.nn.Ops;

/**
 * A residual net over the columns of a table. The first layer takes the columns and the embedding
 * of time and context; a block is {@code h + W2 silu((1 + a) W1 silu(h) + b)}, where a and b are
 * linear in the embedding. It is smooth, as a solver of high order needs it.
 */
final class TableNet implements VelocityNet {
  /** A fresh net says next to nothing, that is, that the data is standard normal. */
  static final Initializer SMALL = Initializer.uniform(1e-3);

  private record Block(Linear first, Linear second, Linear gain, Linear shift) {}

  private record BoundBlock(Dense first, Dense second, Dense gain, Dense shift) {}

  private final TimeEmbedding embedding;
  private final Linear first;
  private final Linear told;
  private final List<Block> blocks = new ArrayList<>();
  private final Linear last;

  /**
   * A net.
   *
   * @param dimension D
   * @param context the numbers in a context, 0 where there is none
   */
  TableNet(ParameterScope scope, int dimension, int context, ScoreNetConfig size) {
    int hidden = size.hidden();
    int embedded = TimeEmbedding.width(hidden);
    embedding = new TimeEmbedding(scope.child("time"), size.frequencies(), context, embedded);
    first = new Linear(scope.child("first"), dimension, hidden);
    told = new Linear(scope.child("told"), embedded, hidden);
    for (int i = 0; i < size.blocks(); i++) {
      ParameterScope own = scope.child("block" + i);
      blocks.add(
          new Block(
              new Linear(own.child("first"), hidden, hidden),
              new Linear(own.child("second"), hidden, hidden, SMALL, SMALL),
              new Linear(own.child("gain"), embedded, hidden),
              new Linear(own.child("shift"), embedded, hidden)));
    }
    last = new Linear(scope.child("last"), hidden, dimension, SMALL, SMALL);
  }

  @Override
  public Bound bind(Binding binding) {
    TimeEmbedding.Bound time = embedding.bind(binding);
    Dense in = first.bind(binding);
    Dense beside = told.bind(binding);
    Dense out = last.bind(binding);
    List<BoundBlock> bound =
        blocks.stream()
            .map(
                block ->
                    new BoundBlock(
                        block.first.bind(binding),
                        block.second.bind(binding),
                        block.gain.bind(binding),
                        block.shift.bind(binding)))
            .toList();
    return (y, logRatio, context) -> {
      NDArray embedded = time.apply(logRatio, context);
      Dual h = y.dense(in).shift(beside.apply(embedded));
      for (BoundBlock block : bound) {
        Dual inner = h.silu().dense(block.first);
        NDArray change = block.gain.apply(embedded);
        NDArray gain = change.add(Ops.number(change, 1));
        Dual moved = inner.modulatedSilu(gain, block.shift.apply(embedded));
        h = h.addTo(moved.dense(block.second));
      }
      return h.silu().dense(out);
    };
  }
}
