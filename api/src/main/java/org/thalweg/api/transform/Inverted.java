package org.thalweg.api.transform;

import ai.djl.ndarray.NDArray;

/** The other direction of a transform; its costs are swapped. */
public final class Inverted extends Transform {
  private final Transform transform;

  /** Swaps the directions of {@code transform}. */
  public Inverted(Transform transform) {
    super(transform.eventShape());
    this.transform = transform;
  }

  @Override
  public Cost forwardCost() {
    return transform.inverseCost();
  }

  @Override
  public Cost inverseCost() {
    return transform.forwardCost();
  }

  @Override
  protected Mapped mapForward(NDArray x) {
    return transform.inverse(x);
  }

  @Override
  protected Mapped mapInverse(NDArray y) {
    return transform.forward(y);
  }
}
