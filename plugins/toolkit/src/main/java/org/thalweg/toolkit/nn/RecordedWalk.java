package org.thalweg.toolkit.nn;

import ai.djl.ndarray.NDArray;
import java.util.function.UnaryOperator;

/**
 * A walk of tensor operations, which a tape can differentiate. The first layer's sum is carried
 * along, the last layer is evaluated for one dimension at a time, and all between every time.
 */
final class RecordedWalk implements Walk {
  private final InputLayer input;
  private final UnaryOperator<NDArray> body;
  private final Dense out;
  private final long perDimension;
  private NDArray sum;
  private int next;

  RecordedWalk(
      InputLayer input, UnaryOperator<NDArray> body, Dense out, long perDimension, long rows) {
    this.input = input;
    this.body = body;
    this.out = out;
    this.perDimension = perDimension;
    this.sum = input.atZero(rows);
  }

  @Override
  public NDArray outputs() {
    long from = next * perDimension;
    return out.outputs(from, from + perDimension).apply(body.apply(sum));
  }

  @Override
  public void accept(NDArray column) {
    sum = sum.add(input.contribution(column, next));
    next++;
  }
}
