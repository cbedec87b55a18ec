package org.thalweg.maf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.thalweg.api.density.BuildContext;
import org.thalweg.api.error.ThalwegException;

/** Events that are vectors. */
final class Vectors {
  private Vectors() {}

  /** The number of columns; refuses events that are not vectors of at least one number. */
  static int dimension(BuildContext context) {
    Shape shape = context.eventShape();
    if (shape.dimension() != 1 || shape.get(0) < 1) {
      throw ThalwegException.usage(
          "This transform is over events of shape (D) with D of at least 1, got %s.", shape);
    }
    return context.eventSize();
  }

  /** Columns {@code [N, K]} of {@code [N, D]}, in the order of an index {@code [K]}. */
  static NDArray columns(NDArray x, NDArray index) {
    long rows = x.getShape().get(0);
    long columns = index.getShape().get(0);
    return x.gather(index.reshape(new Shape(1, columns)).broadcast(new Shape(rows, columns)), 1);
  }

  /** Zeros, one for each row. */
  static NDArray zeros(NDArray x) {
    return x.getManager().zeros(new Shape(x.getShape().get(0)), x.getDataType());
  }
}
