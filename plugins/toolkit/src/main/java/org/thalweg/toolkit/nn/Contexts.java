package org.thalweg.toolkit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Optional;
import org.thalweg.api.density.Context;
import org.thalweg.api.error.ThalwegException;

/** Checks what is given against what was declared. */
public final class Contexts {
  private Contexts() {}

  /**
   * The rows {@code [N, size]} of a context, or none where {@code size} is 0.
   *
   * @param size the numbers in one context that were declared
   * @throws ThalwegException where the context is missing, unexpected or of another shape
   */
  public static Optional<NDArray> rows(Context context, int size) {
    if (context instanceof Context.Of of) {
      Shape shape = of.rows().getShape();
      if (size == 0) {
        throw ThalwegException.usage(
            "This part was built without a context, got one of shape %s: give Context.none().",
            shape);
      }
      if (shape.dimension() != 2 || shape.get(1) != size) {
        throw ThalwegException.usage(
            "A batch of contexts has shape (N, %d) here, got %s.", size, shape);
      }
      return Optional.of(of.rows());
    }
    if (size > 0) {
      throw ThalwegException.usage(
          "This part was built with a context of %d numbers, and none was given.", size);
    }
    return Optional.empty();
  }
}
