package org.thalweg.api.transform;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.thalweg.api.error.ThalwegException;

/**
 * An invertible map of events with a tractable Jacobian determinant. {@link #forward} always maps
 * data to noise, {@link #inverse} noise to data: MAF is {@link Cost#ONE_PASS} forward, IAF and
 * planar flows are {@link Cost#ONE_PASS} inverse.
 *
 * <p>What a tensor is attached to, and whether derivatives are recorded, is decided by the tape
 * that the transform was bound to.
 */
public abstract class Transform {
  private final Shape eventShape;

  /**
   * A map of events of one shape onto events of the same shape.
   *
   * @param eventShape the shape without the batch axis, such as {@code (D)}
   */
  protected Transform(Shape eventShape) {
    this.eventShape = eventShape;
  }

  /** The shape of one event, without the batch axis. */
  public final Shape eventShape() {
    return eventShape;
  }

  /** The cost of {@link #forward}. */
  public abstract Cost forwardCost();

  /** The cost of {@link #inverse}. */
  public abstract Cost inverseCost();

  /**
   * Maps data to noise.
   *
   * @param x {@code [N, event]}, N of 0 or more
   * @throws ThalwegException where the shape differs or the direction does not exist
   */
  public final Mapped forward(NDArray x) {
    check(x, forwardCost(), "forward");
    return mapForward(x);
  }

  /**
   * Maps noise to data.
   *
   * @param y {@code [N, event]}, N of 0 or more
   * @throws ThalwegException where the shape differs or the direction does not exist
   */
  public final Mapped inverse(NDArray y) {
    check(y, inverseCost(), "inverse");
    return mapInverse(y);
  }

  /** {@link #forward} on a batch whose shape was checked. */
  protected abstract Mapped mapForward(NDArray x);

  /** {@link #inverse} on a batch whose shape was checked. */
  protected abstract Mapped mapInverse(NDArray y);

  private void check(NDArray batch, Cost cost, String direction) {
    if (cost == Cost.NONE) {
      throw ThalwegException.usage(
          "%s has no %s direction.", getClass().getSimpleName(), direction);
    }
    Shape shape = batch.getShape();
    if (shape.dimension() == 0 || !shape.slice(1).equals(eventShape)) {
      throw ThalwegException.usage(
          "%s maps batches of events of shape %s, got a batch of shape %s.",
          getClass().getSimpleName(), eventShape, shape);
    }
  }
}
