package org.thalweg.toolkit.nn;

import ai.djl.ndarray.NDArray;
import java.util.Optional;

/**
 * A net's first layer over the concatenation of input and context. The context's part of the sum is
 * computed once, however many rows share it.
 */
final class InputLayer {
  private final Dense layer;
  private final Dense ofInput;
  private final Optional<RepeatedRows> ofContext;

  InputLayer(Dense layer, int inputs, Optional<NDArray> context) {
    this.layer = layer;
    long width = layer.rawArgument().getShape().get(1);
    ofContext =
        context.map(c -> new RepeatedRows(c.matMul(layer.inputs(inputs, width).transpose())));
    ofInput = context.isPresent() ? new Dense(layer.inputs(0, inputs), layer.bias()) : layer;
  }

  /** The layer's output where every input is 0. */
  NDArray atZero(long rows) {
    return withContext(layer.bias().expandDims(0).repeat(0, rows), rows);
  }

  /** What the context adds to the output for {@code rows} inputs. */
  Optional<NDArray> ofContext(long rows) {
    return ofContext.map(c -> c.matching(rows));
  }

  /** The layer without the context's part. */
  Dense ofInput() {
    return ofInput;
  }

  /** What input {@code d} adds to the layer's output. */
  NDArray contribution(NDArray column, int d) {
    return column.mul(layer.inputs(d, d + 1).transpose());
  }

  private NDArray withContext(NDArray sum, long rows) {
    return ofContext.map(c -> sum.add(c.matching(rows))).orElse(sum);
  }
}
