package org.thalweg.api.transform;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.thalweg.api.error.ThalwegException;

/** Transforms one after another: the first is next to the data, the last next to the noise. */
public final class Composed extends Transform {
  private final List<Transform> parts;

  /** Composes at least one transform, all of one event shape. */
  public Composed(List<Transform> parts) {
    super(parts.get(0).eventShape());
    this.parts = List.copyOf(parts);
    for (Transform part : parts) {
      if (!part.eventShape().equals(eventShape())) {
        throw ThalwegException.usage(
            "Composed transforms must share one event shape, got %s and %s.",
            eventShape(), part.eventShape());
      }
    }
  }

  @Override
  public Cost forwardCost() {
    return parts.stream().map(Transform::forwardCost).reduce(Cost.ONE_PASS, Cost::and);
  }

  @Override
  public Cost inverseCost() {
    return parts.stream().map(Transform::inverseCost).reduce(Cost.ONE_PASS, Cost::and);
  }

  @Override
  protected Mapped mapForward(NDArray x) {
    Mapped mapped = parts.get(0).forward(x);
    for (Transform part : parts.subList(1, parts.size())) {
      mapped = then(mapped, part.forward(mapped.value()));
    }
    return mapped;
  }

  @Override
  protected Mapped mapInverse(NDArray y) {
    Mapped mapped = parts.get(parts.size() - 1).inverse(y);
    for (int i = parts.size() - 2; i >= 0; i--) {
      mapped = then(mapped, parts.get(i).inverse(mapped.value()));
    }
    return mapped;
  }

  private static Mapped then(Mapped first, Mapped second) {
    return new Mapped(second.value(), first.logAbsDet().add(second.logAbsDet()));
  }
}
