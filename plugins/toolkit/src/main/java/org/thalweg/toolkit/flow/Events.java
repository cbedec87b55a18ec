package org.thalweg.toolkit.flow;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.thalweg.api.error.ThalwegException;

/** Checks batches of events. */
final class Events {
  private Events() {}

  /** Refuses a batch whose events have another shape. */
  static void check(NDArray batch, Shape eventShape) {
    Shape shape = batch.getShape();
    if (shape.dimension() == 0 || !shape.slice(1).equals(eventShape)) {
      throw ThalwegException.usage(
          "This density is over events of shape %s, got a batch of shape %s.", eventShape, shape);
    }
  }
}
